#!/usr/bin/env python3
"""Measures whether the intervals of adaptive cells hold the true effects of the cells.

Example:
  scripts/benchmarks/measure_adaptive.py dog.wav rooster.wav --model mobilenetv3-small
  scripts/benchmarks/measure_adaptive.py dog.wav --model my.pt --masks 512 -- --score top

Options after -- go to every `relax-spectro explain`.

The script explains the first window of each recording with --grid adaptive, with --repeats seeds.
It then draws --reference new masks of the same cells: complementary pairs of independent bits.
Least squares on half the differences of their scores gives the reference effects.
For each recording it prints the median number of cells and the coverage. That is the share of cells
whose 95 % interval holds the reference. The reference's own error is added in squares.

Needs numpy, and the programs in build/bin (scripts/build). Recordings have one window or less.
"""

import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file

np = Later("numpy")
tool = Later("benchmarks.tool")

NORMAL_95 = 1.96


def lattice_slices(cell, bins, lattice):
    """The part of the lattice that a cell covers. A bin b of B lies in part (2 b + 1) n // (2 B) of n."""
    def part(first, count, total, parts):
        return slice((2 * first + 1) * parts // (2 * total), (2 * (first + count) - 1) * parts // (2 * total) + 1)
    return (part(cell["first_band"], cell["bands"], bins[0], lattice[0]),
            part(cell["first_frame"], cell["frames"], bins[1], lattice[1]))


def write_masks(path, cells, bins, lattice, pairs, seed):
    """Writes pairs of masks of these cells. Returns the bits of the first of each pair, 1 or -1."""
    bits = np.random.default_rng(seed).integers(0, 2, (pairs, len(cells)), dtype=np.uint8)
    grid = np.zeros((pairs, *lattice), np.uint8)
    for k, cell in enumerate(cells):
        grid[(slice(None), *lattice_slices(cell, bins, lattice))] = bits[:, k, None, None]
    both = np.stack([grid, 1 - grid], axis=1).reshape(2 * pairs, *lattice)
    shift = np.tile(np.array(lattice) // 2, (2 * pairs, 1))  # this shift moves nothing
    np.savez(path, cell_bits=both, shift=shift, hard_edges=np.ones(1, np.uint8))
    return 2.0 * bits - 1.0


def reference_effects(recording, options, cells, bins, lattice, seed):
    """Returns the effects and their standard errors."""
    with tempfile.TemporaryDirectory() as folder:
        masks = Path(folder) / "masks.npz"
        signs = write_masks(masks, cells, bins, lattice, options.reference // 2, seed)
        arrays, _, _ = tool.explain(recording, options.model, "--masks-file", masks, "--estimator", "mask-sum",
                                    *options.explain_options)
    scores = arrays["scores"][0]
    halves = (scores[0::2] - scores[1::2]) / 2
    inverse = np.linalg.inv(signs.T @ signs)
    effects = inverse @ signs.T @ halves
    noise = np.sum((halves - signs @ effects) ** 2) / (len(halves) - len(cells))
    return effects, np.sqrt(noise * np.diag(inverse))


def coverage_of(recording, options, seed):
    arrays, how, _ = tool.explain(recording, options.model, "--grid", "adaptive", "--masks", options.masks,
                                  "--seed", seed, *options.explain_options)
    cells = how["windows"][0]["cells"]
    lattice = (how["method"]["grid"]["frequency"], how["method"]["grid"]["time"])
    true, own = reference_effects(recording, options, cells, arrays["importance"].shape, lattice, seed)
    found = np.array([cell["effect"] for cell in cells])
    errors = np.hypot(own, [cell["standard_error"] for cell in cells])
    return len(cells), float(np.mean(np.abs(found - true) <= NORMAL_95 * errors))


def main():
    parser = Parser(__doc__)
    parser.add_argument("recordings", nargs="+", type=existing_file, metavar="FILE")
    parser.add_argument("--model", default="mobilenetv3-small")
    parser.add_argument("--masks", type=int, default=512)
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--reference", type=int, default=8192)
    options, options.explain_options = parser.parse_until_dashes()
    tool.require_program()
    print(f"{'recording':<24} {'cells':>6} {'coverage':>9}")
    coverages = []
    for recording in options.recordings:
        found = [coverage_of(recording, options, seed) for seed in range(options.repeats)]
        coverages += [coverage for _, coverage in found]
        print(f"{Path(recording).stem:<24} {np.median([cells for cells, _ in found]):6.0f} "
              f"{np.mean([coverage for _, coverage in found]):9.3f}", flush=True)
    print(f"{'mean':<24} {'':>6} {np.mean(coverages):9.3f}")


if __name__ == "__main__":
    main()
