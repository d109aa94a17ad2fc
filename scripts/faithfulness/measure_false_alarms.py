#!/usr/bin/env python3
"""Measures how often a model seems to differ from itself, on recordings with masks of two seeds.

Example:
  scripts/faithfulness/measure_false_alarms.py esc10/*/*.ogg
  scripts/faithfulness/measure_false_alarms.py recordings/*.wav --seed-by run -- --masks 512

Explains --count of the recordings, evenly chosen, with two consecutive seeds (`relax-spectro batch`).
Takes the mean of each map's contrast in --bands bands of frequency with equal numbers of rows.
In each band, the difference between the seeds has a paired t over the recordings.
It contains only the noise of the masks. So chance should explain the largest |t| of the bands.

Chance is measured by flipping the signs of whole recordings at random, 10 000 times.
This keeps what the bands have in common. The script repeats all of this --repeats times, with other seeds.

p is the share of sign flips whose largest |t| is as large. "Beyond 95 %" counts the repeats whose p is at most 0.05.

Options after -- go to every batch (default: --masks 256). Needs numpy, and the programs in build/bin (scripts/build).
"""

import csv
import math
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file

np = Later("numpy")
tool = Later("benchmarks.tool")

SIGN_FLIPS = 10_000
LEVEL = 0.05


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("recordings", nargs="+", type=existing_file, metavar="FILE")
    parser.add_argument("--count", type=int, default=30, metavar="N", help="number of recordings (default: 30)")
    parser.add_argument("--model", default="mobilenetv3-small")
    parser.add_argument("--seed-by", nargs="+", choices=("recording", "run"), default=("recording", "run"),
                        help="as in explain (default: both)")
    parser.add_argument("--bands", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=12)
    options, batch_options = parser.parse_until_dashes()
    options.batch_options = batch_options or ["--masks", "256"]
    return options


def evenly_chosen(recordings, count):
    count = min(count, len(recordings))
    return [recordings[i * len(recordings) // count] for i in range(count)]


def band_contrasts(recordings, options, seed_by, seed):
    """Returns the means of the contrast [recording, band]."""
    with tempfile.TemporaryDirectory() as folder:
        tool.run("batch", *recordings, "-o", folder, "--figure", "none", "-q", "--model", options.model, "--seed", seed,
                 "--seed-by", seed_by, *options.batch_options)
        with (Path(folder) / "summary.csv").open(newline="", encoding="utf-8") as file:
            stems = [row["result"] for row in csv.DictReader(file)]
        means = []
        for stem in stems:
            with np.load(Path(folder) / f"{stem}.npz") as arrays:
                means.append([np.nanmean(band) for band in np.array_split(arrays["contrast"], options.bands)])
    return np.array(means)


def largest_t(differences, signs):
    """Largest |t| over the bands for each row of signs: [recording, band], [row, recording]."""
    count = len(differences)
    means = signs @ differences / count
    variances = (np.square(differences).sum(axis=0) / count - np.square(means)) * count / (count - 1)
    return np.abs(means / np.sqrt(variances / count)).max(axis=-1)


def by_chance(differences):
    """Returns the largest |t|, what chance exceeds one time in twenty, and p."""
    generator = np.random.default_rng(0)
    signs = generator.choice((-1.0, 1.0), size=(SIGN_FLIPS, len(differences)))
    found = largest_t(differences, np.ones((1, len(differences))))[0]
    chance = largest_t(differences, signs)
    # The signs as they are count as one of the flips.
    return found, np.quantile(chance, 1 - LEVEL), (1 + np.sum(chance >= found)) / (1 + SIGN_FLIPS)


def at_least(hits, count):
    """Probability of as many of `count` by chance."""
    return sum(math.comb(count, k) * LEVEL**k * (1 - LEVEL) ** (count - k) for k in range(hits, count + 1))


def measure(recordings, options, seed_by):
    print(f"--seed-by {seed_by}: {len(recordings)} recordings, {options.bands} bands, {options.model}")
    rows = []
    for repeat in range(options.repeats):
        first, second = (band_contrasts(recordings, options, seed_by, 2 * repeat + i) for i in range(2))
        rows.append(by_chance(second - first))
        print(f"  seeds {2 * repeat} and {2 * repeat + 1}: largest |t| {rows[-1][0]:.2f}, 95 % of chance below "
              f"{rows[-1][1]:.2f}, p = {rows[-1][2]:.4f}", flush=True)
    largest, _, p = np.array(rows).T
    beyond = int(np.sum(p <= LEVEL))
    print(f"  largest |t| {largest.min():.2f} to {largest.max():.2f}, median {np.median(largest):.2f}; median p "
          f"{np.median(p):.2f}; beyond 95 %: {beyond} of {len(p)} (so many or more by chance: {at_least(beyond, len(p)):.2g})")


def main():
    options = parse_arguments()
    tool.require_program()
    recordings = evenly_chosen(sorted(options.recordings), options.count)
    for seed_by in options.seed_by:
        measure(recordings, options, seed_by)


if __name__ == "__main__":
    main()
