#!/usr/bin/env python3
"""Measures how well 512 masks estimate the interactions of twelve parts, against all 4096 patterns.

Example:
  scripts/benchmarks/measure_interactions.py *.wav --model mn04.pt --grid 12x1 1x12

For each recording: the error of the pairs over their size, the share of 95 % intervals that hold the exact pair, and how
many more independent masks the same regression needs for the same error.
"""

import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file

np = Later("numpy")
tool = Later("benchmarks.tool")

PARTS, CODE, ALL = 12, 512, 4096
DRAWS = 20  # of independent masks


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("recordings", nargs="+", type=existing_file, metavar="FILE")
    parser.add_argument("--model", default="mobilenetv3-small", metavar="MODEL")
    parser.add_argument("--grid", nargs="+", default=["12x1"], metavar="SHAPE", help="of twelve parts [12x1]")
    parser.add_argument("--score", default="top", metavar="SCORE")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="of the codes [3]")
    return parser.parse_args()


def arrays(options, folder, recording, grid, masks, seed=0):
    tool.run("interactions", recording, "--model", options.model, "--grid", grid, "--score", options.score, "--masks", masks,
             "--seed", seed, "--figure", "none", "--overwrite", "-q", "-o", folder)
    with np.load(next(Path(folder).glob("*.npz"))) as found:
        return dict(found)


def upper(matrix):
    return matrix[np.triu_indices(PARTS, 1)]


def mean_square(values):
    return np.mean(np.square(values))


def independent_error(kept, scores, exact, random):
    """The mean squared error of pairs by a regression on independent masks."""
    errors = []
    rows, columns = np.triu_indices(PARTS, 1)
    for _ in range(DRAWS):
        chosen = random.integers(0, ALL, CODE)
        z = 2.0 * kept[chosen] - 1
        design = np.column_stack([np.ones(CODE), z, z[:, rows] * z[:, columns]])
        fit = np.linalg.lstsq(design, scores[chosen], rcond=None)[0]
        errors.append(mean_square(4 * fit[1 + PARTS:] - exact))
    return np.mean(errors)


def main():
    options = parse_arguments()
    tool.require_program()
    random = np.random.default_rng(0)
    for grid in options.grid:
        found = []
        for recording in options.recordings:
            with tempfile.TemporaryDirectory() as folder:
                whole = arrays(options, folder, recording, grid, ALL)
                exact = upper(whole["interaction"])
                codes = [arrays(options, folder, recording, grid, CODE, seed) for seed in range(options.seeds)]
            off = np.array([upper(code["interaction"]) - exact for code in codes])
            errors = np.array([upper(code["standard_error"]) for code in codes])
            gain = independent_error(whole["kept"], whole["scores"].mean(axis=0), exact, random) / mean_square(off)
            found.append((np.sqrt(mean_square(off) / mean_square(exact)), np.mean(abs(off) <= 1.96 * errors), gain))
            print(f"{grid} {recording.name}: error {found[-1][0]:.2f}, covered {found[-1][1]:.3f}, gain {gain:.1f}", flush=True)
        error, covered, gain = np.transpose(found)
        print(f"{grid}: error {error.min():.2f}-{error.max():.2f}, covered {covered.mean():.3f} ({covered.min():.3f}-"
              f"{covered.max():.3f}), gain {np.median(gain):.1f} ({gain.min():.1f}-{gain.max():.1f})")


if __name__ == "__main__":
    main()
