#!/usr/bin/env python3
"""Measures how far a label's logit falls without its salient places, against random places of the same sizes.

Example:
  scripts/faithfulness/measure_featout.py maps --labels labels.csv

The folder holds maps of the recordings' own labels, which relax-spectro batch labels.csv --score label -o maps makes.
The script counts the recordings whose logit falls more than without random places, and gives the median of the ratio of
both falls. Options after -- go to featout.
"""

import csv
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file, existing_folder

np = Later("numpy")
tool = Later("benchmarks.tool")
statistics = Later("faithfulness.statistics")


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("maps", type=existing_folder, metavar="FOLDER", help="results of batch --score label")
    parser.add_argument("--labels", type=existing_file, required=True, metavar="TABLE", help="the list of these recordings")
    options, options.featout = parser.parse_until_dashes()
    return options


def falls(options, *control):
    """How far the logit of each recording falls."""
    with tempfile.TemporaryDirectory() as folder:
        tool.run("featout", options.maps, "--labels", options.labels, "--which", "all", "-o", folder, "-q", *control,
                 *options.featout)
        with open(Path(folder) / "manifest.csv", newline="", encoding="utf-8") as file:
            return {row["source"]: float(row["logit_before"]) - float(row["logit_after"]) for row in csv.DictReader(file)}


def main():
    options = parse_arguments()
    tool.require_program()
    salient, random = falls(options), falls(options, "--control", "random")
    both = sorted(salient.keys() & random.keys())
    a, b = (np.array([of[name] for name in both]) for of in (salient, random))
    more = int((a > b).sum())
    low, high = statistics.wilson_interval(more, len(both))
    print(f"{len(both)} recordings: the logit falls more than without random places in {more}, "
          f"{more / len(both):.3f} ({low:.3f}–{high:.3f})")
    print(f"median fall {np.median(a):.2f} against {np.median(b):.2f}; means {a.mean():.2f}, {b.mean():.2f}")
    # A random place may raise the logit: then the ratio is counted as infinite.
    ratios = np.where(b > 0, a / np.maximum(b, 1e-9), np.where(a > 0, np.inf, 0))
    print(f"median ratio {np.median(ratios):.2f}; the random fall is 0 or less in {int((b <= 0).sum())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
