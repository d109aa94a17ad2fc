"""Seconds until a map is as accurate as the published package's map of 3000 masks."""

import tempfile
from pathlib import Path

import numpy as np

from . import maps, peers, tool

PACKAGE_MASKS = 3000
LADDER = (128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072)


def measure(results, cases_by_model, bounds, repeats, reference_masks):
    for name, cases in cases_by_model.items():
        found = []
        for case in cases:
            row = one(case, repeats, reference_masks)
            print(f"  {name}, {case.recording.parent.name}: the package's error {row[0]:.3f} in {row[1]:.1f} s; "
                  f"as good after {row[2]:.0f} masks, {row[3]:.2f} s", flush=True)
            found.append(row)
        _, package_seconds, masks, seconds, whole = np.array(found).T
        at_least, hope = bounds.get(name, (None, None))
        results.add(f"{name}: masks to the package's accuracy with {PACKAGE_MASKS}", masks)
        results.add(f"{name}: time to the package's accuracy", package_seconds / seconds, "× less",
                    at_least=at_least, hope=hope)
        results.add(f"{name}: the same, the tool's whole process", package_seconds / whole, "× less")


def one(case, repeats, reference_masks):
    """The package's error and seconds; masks, seconds of the loop and of the process to the same error."""
    reference = maps.reference_windows(case.recording, case.model, reference_masks)[0]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "package.npz"
        package = peers.measure("relax", case.file, case, PACKAGE_MASKS, output)
        importance = np.load(output)["importance"].astype(float)
    if importance.shape != reference.importance.shape:
        importance = importance.T  # the model's axes are time, frequency
    wanted = maps.squared_contrast_error(importance, reference)
    masks, seconds, overhead = masks_to(wanted, case, reference, repeats)
    return np.sqrt(wanted), package["seconds"], masks, seconds, seconds + overhead


def masks_to(wanted, case, reference, repeats):
    """How many masks the tool's defaults take, the seconds of the loop for so many, and of the process outside it.

    Between two steps the error falls as a power of the number of masks, and seconds grow linearly.
    """
    before = None
    overheads = []
    for masks in LADDER:
        squares, loops = [], []
        for seed in range(repeats):
            arrays, how, run = tool.explain(case.recording, case.model, "--masks", masks, "--seed", seed)
            squares.append(maps.squared_contrast_error(arrays["importance"], reference))
            loops.append(how["engine"]["seconds"])
            overheads.append(run.seconds - loops[-1])
        square, seconds = np.mean(squares), np.mean(loops)
        if square <= wanted:
            break
        before = (masks, square, seconds)
    else:
        raise SystemExit(f"bench: error: {case.recording}: not as accurate as the package after {masks} masks")
    needed = masks
    if before:
        slope = np.log(masks / before[0]) / np.log(before[1] / square)
        needed = before[0] * (before[1] / wanted) ** slope
        seconds = np.interp(needed, (before[0], masks), (before[2], seconds))
    return needed, float(seconds), float(np.median(overheads))
