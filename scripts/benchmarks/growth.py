"""Time and peak memory against the number of masks and the length of the recording."""

import tempfile
from pathlib import Path

import numpy as np
import soundfile

from . import tool


def exponent(sizes, costs):
    """Fits cost ~ size^exponent by least squares. 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def masks(results, case, quick):
    counts = (256, 1024, 4096) if quick else (256, 1024, 4096, 16384, 65536)
    seconds, peaks = [], []
    for count in counts:
        _, how, run = tool.explain(case.recording, case.model, "--masks", count)
        seconds.append(how["engine"]["seconds"])
        peaks.append(run.peak_mib)
        results.add(f"{count} masks: the loop", seconds[-1:], "s", note=f"peak {run.peak_mib:.0f} MiB")
    results.add(f"{counts[0]} to {counts[-1]} masks: time grows with exponent", [exponent(counts, seconds)],
                at_most=1.05)
    results.add(f"{counts[0]} to {counts[-1]} masks: peak memory, last over first", [peaks[-1] / peaks[0]], "×",
                at_most=1.25)


def length(results, recording, model, quick):
    samples, rate = soundfile.read(recording, always_2d=True)
    samples = samples.mean(axis=1)
    lengths_s = (5, 60, 600) if quick else (5, 60, 600, 3600)
    seconds, peaks, arrays_mib = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for length_s in lengths_s:
            long = Path(folder) / f"{length_s}s.wav"
            soundfile.write(long, np.resize(samples, int(length_s * rate)), rate)
            arrays, _, run = tool.explain(long, model, "--masks", 64)
            seconds.append(run.seconds)
            peaks.append(run.peak_mib)
            arrays_mib.append(sum(array.nbytes for array in arrays.values()) / 2**20)
            results.add(f"{length_s} s of recording, 64 masks a window: the process", seconds[-1:], "s",
                        note=f"peak {run.peak_mib:.0f} MiB, results {arrays_mib[-1]:.0f} MiB")
    results.add(f"{lengths_s[1]} to {lengths_s[-1]} s of recording: time grows with exponent",
                [exponent(lengths_s[1:], seconds[1:])], at_most=1.05)
    results.add(f"{lengths_s[0]} to {lengths_s[-1]} s of recording: peak memory that is added, over the results' size",
                [(peaks[-1] - peaks[0]) / (arrays_mib[-1] - arrays_mib[0])], "×")
