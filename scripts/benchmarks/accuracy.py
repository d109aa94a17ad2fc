"""Seconds until a map is as accurate as the published package's map of 3000 masks."""

import tempfile
from pathlib import Path

import numpy as np

from . import maps, peers, tool

PACKAGE_MASKS = 3000
LADDER = (128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072)


def measure(results, cases_by_model, bounds, repeats, reference_masks, precisions):
    for name, cases in cases_by_model.items():
        found = {precision: [] for precision in precisions}
        for case in cases:
            reference = maps.reference_windows(case.recording, case.model, reference_masks)[0]
            wanted, package_seconds = package_map(case, reference)
            print(f"  {name}, {case.recording.parent.name}: the package's error {np.sqrt(wanted):.3f} "
                  f"in {package_seconds:.1f} s", flush=True)
            for precision, rows in found.items():
                masks, seconds, overhead = masks_to(wanted, case, reference, repeats, precision)
                print(f"    as good in {precision} after {masks:.0f} masks, {seconds:.2f} s", flush=True)
                rows.append((masks, package_seconds / seconds, package_seconds / (seconds + overhead)))
        for precision, rows in found.items():
            label = name if precision == "single" else f"{name}, {precision}"
            masks, ratio, whole_ratio = np.array(rows).T
            at_least, hope = bounds.get(label, (None, None))
            results.add(f"{label}: masks to the package's accuracy with {PACKAGE_MASKS}", masks)
            results.add(f"{label}: time to the package's accuracy", ratio, "× less", at_least=at_least, hope=hope)
            results.add(f"{label}: the same, the tool's whole process", whole_ratio, "× less")


def package_map(case, reference):
    """Returns the squared error of the package's map, and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "package.npz"
        package = peers.measure("relax", case.file, case, PACKAGE_MASKS, output)
        importance = np.load(output)["importance"].astype(float)
    if importance.shape != reference.importance.shape:
        importance = importance.T  # the model's axes are time, frequency
    return maps.squared_contrast_error(importance, reference), package["seconds"]


def masks_to(wanted, case, reference, repeats, precision):
    """Returns the number of masks that the defaults need, and the seconds of the loop and outside of it.

    Between two steps the error falls as a power of the number of masks. Seconds grow linearly.
    """
    before = None
    overheads = []
    for masks in LADDER:
        squares, loops = [], []
        for seed in range(repeats):
            arrays, how, run = tool.explain(case.recording, case.model, "--masks", masks, "--seed", seed,
                                             "--precision", precision)
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
