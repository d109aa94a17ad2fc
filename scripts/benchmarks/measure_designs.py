#!/usr/bin/env python3
"""Measures the accuracy of maps: the error of each mask design against a reference of very many masks.

Example:
  scripts/benchmarks/measure_designs.py dog.wav rooster.wav --model mobilenetv3-small
  scripts/benchmarks/measure_designs.py dog.wav --model my.pt --masks 512 --repeats 8 -- --score top --fill silence

Options after -- go to every `relax-spectro explain`.

The script makes maps of --masks masks with different seeds, for each window and each design.
It compares them with a map of --reference Sobol masks of another seed.
That map uses the regression estimator and independent blocks. For each window it prints:

  error        error of the map less its mean, over its spatial standard deviation. The noise of the
               reference is subtracted. This is the root mean square over the repeats.
  gain         independent masks with the mask-sum estimator need this many times as many masks.
               For the contrast (the map less its mean) and in total.
  h / error    the reported noise-to-contrast ratio, over that error
  coverage     share of bins whose 95 % interval holds the reference. The interval uses the standard
               error and the t of its blocks. The reference's own interval is added in squares.

At the end it prints the median and the range over all windows, for each design.
Windows whose reference has more than a tenth of noise are left out, with a message.

Needs numpy, and the programs in build/bin (scripts/build).
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file

np = Later("numpy")
maps = Later("benchmarks.maps")
tool = Later("benchmarks.tool")

# Two-sided 95 % points of Student's t, by degrees of freedom: the number of blocks less one.
T_95 = [float("nan"), 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
        2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
        2.040]
LARGEST_REFERENCE_NOISE = 0.1
BASELINE = ("independent", "mask-sum")
METHODS = (BASELINE, ("independent", "regression"), ("sobol", "regression"), ("code", "regression"))


def explain(recording, options, masks, seed, design, estimator):
    return maps.explain_windows(
        recording, options.model, "--masks", masks, "--seed", seed, "--design", design, "--estimator", estimator,
        *options.explain_options)[0]


def squared_errors(found, reference):
    """Returns the errors of the contrast and in total."""
    return np.array([maps.squared_contrast_error(found.importance, reference),
                     maps.squared_total_error(found.importance, reference)])


def coverage_of(found, reference):
    error = np.hypot(T_95[found.degrees] * found.standard_error,
                     T_95[reference.degrees] * reference.standard_error)
    return float(np.mean(np.abs(found.importance - reference.importance) <= error))


def measure_window(label, found_by_method, reference, table):
    baseline = None
    for method in METHODS:
        repeats = found_by_method[method]
        squares = np.mean([squared_errors(found, reference) for found in repeats], axis=0)
        squares = np.maximum(squares, 1e-12)
        baseline = squares if baseline is None else baseline
        gains = baseline / squares
        error = float(np.sqrt(squares[0]))
        ratio = float(np.median([found.noise_to_contrast for found in repeats]) / error)
        coverage = float(np.mean([coverage_of(found, reference) for found in repeats]))
        row = (error, *gains, ratio, coverage)
        table.setdefault(method, []).append(row)
        print_row(label, method, row)


def print_row(label, method, row):
    print(f"{label:<28} {method[0]:<12} {method[1]:<11} {row[0]:8.3f} {row[1]:9.2f} {row[2]:7.2f} "
          f"{row[3]:8.2f} {row[4]:9.3f}", flush=True)


def measure(recording, options, table):
    references = maps.reference_windows(recording, options.model, options.reference, *options.explain_options)
    found = {method: [explain(recording, options, options.masks, seed, *method)
                      for seed in range(options.repeats)] for method in METHODS}
    for w, reference in enumerate(references):
        label = f"{Path(recording).stem} {reference.name}"
        if reference.noise_to_contrast > LARGEST_REFERENCE_NOISE:
            print(f"{label:<28} left out: the reference's own noise / contrast is "
                  f"{reference.noise_to_contrast:.2f}", flush=True)
            continue
        measure_window(label, {method: [repeat[w] for repeat in found[method]] for method in METHODS},
                       reference, table)


def print_summary(table):
    print()
    for method in METHODS:
        rows = np.array(table[method])
        low, middle, high = rows.min(axis=0), np.median(rows, axis=0), rows.max(axis=0)
        for name, row in (("median", middle), ("least", low), ("most", high)):
            print_row(f"{name} of {len(rows)}", method, row)


def main():
    parser = Parser(__doc__)
    parser.add_argument("recordings", nargs="+", type=existing_file, metavar="FILE")
    parser.add_argument("--model", default="mobilenetv3-small")
    parser.add_argument("--masks", type=int, default=1024)
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--reference", type=int, default=32768)
    options, options.explain_options = parser.parse_until_dashes()
    tool.require_program()
    print(f"{'case':<28} {'design':<12} {'estimator':<11} {'error':>8} {'gain':>9} {'total':>7} {'h/error':>8} "
          f"{'coverage':>9}")
    table = {}
    for recording in options.recordings:
        measure(recording, options, table)
    if table:
        print_summary(table)


if __name__ == "__main__":
    main()
