"""Masks a second by workers (batches side by side) and by threads in each batch."""

import os

from . import tool


def measure(results, name, case, rounds, masks):
    cores = len(os.sched_getaffinity(0))
    single = None
    for workers, threads in choices(cores):
        rates = [tool.masks_per_second(tool.explain(case.recording, case.model, "--masks", masks, "--workers", workers,
                                                    "--threads", threads)[1]) for _ in range(rounds)]
        single = single or rates
        results.add(f"{name}: {workers} workers x {threads} threads, over 1 x 1",
                    [rate / one for rate, one in zip(rates, single)], "×")
    for option in ("on", "off"):
        rates = [tool.masks_per_second(tool.explain(case.recording, case.model, "--masks", masks, "--optimise",
                                                    option)[1]) for _ in range(rounds)]
        results.add(f"{name}: --optimise {option}", rates, "masks/s")


def choices(cores):
    """One worker with one thread, and then all splits of all cores."""
    yield 1, 1
    if cores > 1:
        yield from ((cores // threads, threads) for threads in range(1, cores + 1) if cores % threads == 0)
