"""Masks a second with numbers of fewer digits, and the effect on the map."""

import numpy as np

from . import tool

PRECISIONS = ("bfloat16", "half")


def measure(results, name, case, rounds, masks):
    rates = {precision: [] for precision in ("single", *PRECISIONS)}
    for _ in range(rounds):
        maps = {}
        for precision, found in rates.items():
            arrays, how, _ = tool.explain(case.recording, case.model, "--masks", masks, "--precision", precision)
            found.append(tool.masks_per_second(how))
            maps[precision] = arrays["importance"] - arrays["importance"].mean()
    for precision in PRECISIONS:
        results.add(f"{name}: --precision {precision}, over single",
                    [rate / one for rate, one in zip(rates[precision], rates["single"])], "×")
        difference = np.sqrt(np.mean((maps[precision] - maps["single"]) ** 2)) / maps["single"].std()
        results.add(f"{name}: --precision {precision}, deviation of the map over its contrast", [difference])
