#!/usr/bin/env python3
"""Measures which masks and fills give trustworthy maps, on labelled recordings and against loudness.

Example:
  scripts/faithfulness/measure_faithfulness.py --data esc10 --folds 1 2 3 --per-class 4 --model mn04.pt
  scripts/faithfulness/measure_faithfulness.py --boxes boxes.csv *.wav --model mobilenetv3-small --families random window

Each family of masks explains every recording with each fill (`relax-spectro explain`).
`relax-spectro flip` then tests the maps with the map's score, and its fill or --flip-fill.
`relax-spectro localise` compares them with the annotated events.

DIR holds clips.csv with the columns class, file, fold and active_segments_s, as for mosaic_test.py.
Its active segments are the events, over all frequencies. With --boxes, a table gives the events.
Its column `file` names the recordings. Recordings without boxes are left out, with a message.

The first table has a row for each family and fill. Values are means over the n recordings.
Brackets hold the 95 % bootstrap interval, from five recordings on.

  over loudness   area of flipping the loudest first, less MoRF's, in units of the score. Above 0 is better.
                  The share of recordings in which the map beats loudness follows.
  over chance     the same against the mean of 19 random orders. The share is of recordings in which the map
                  beats every random order.
  gap             LeRF's area less MoRF's

The second table has means over the n recordings, or over the number in brackets.
The first columns say how well the map lies where the events are. The last row is loudness.

  pointing        the pointing game
  mass            share of the positive contrast inside the events
  rank            the rank accuracy. It equals the top-k intersection if k is the number of bins inside
  AUC             the area under the ROC curve
  attribution     attribution localisation
  Gini, entropy, effective   complexity: Gini sparseness, entropy and effective complexity

Options after -- go to every explain. Needs numpy and soundfile, and the programs (scripts/build).
"""

import csv
import json
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file, existing_folder

np = Later("numpy")
tool = Later("benchmarks.tool")
clip_files = Later("faithfulness.clips")
statistics = Later("faithfulness.statistics")

FAMILIES = ("random", "time-frequency", "window")
FILLS = ("zero", "silence", "band-mean")
METRICS = {"pointing_game": "pointing", "relevance_mass_accuracy": "mass", "relevance_rank_accuracy": "rank",
           "auc": "AUC", "attribution_localisation": "attribution", "sparseness": "Gini", "entropy": "entropy",
           "effective_complexity": "effective"}


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("recordings", nargs="*", type=existing_file, metavar="FILE", help="recordings, with --boxes")
    parser.add_argument("--data", type=existing_folder, metavar="DIR")
    parser.add_argument("--boxes", type=existing_file, metavar="TABLE")
    parser.add_argument("--folds", nargs="+", type=int, metavar="N", help="default: all")
    parser.add_argument("--per-class", type=int, metavar="N", help="number of clips of each class (default: all)")
    parser.add_argument("--model", default="mobilenetv3-small")
    parser.add_argument("--families", nargs="+", default=FAMILIES)
    parser.add_argument("--fills", nargs="+", default=FILLS)
    parser.add_argument("--flip-fill", metavar="FILL", help="test all maps with this fill (default: each with its own)")
    parser.add_argument("--masks", default="512", help="masks of drawn families: a number, or auto (default: 512)")
    parser.add_argument("--window", default="16x32", help="window of the family window (default: 16x32)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the choice of clips")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.json", help="write the numbers of every recording")
    options, options.explain_options = parser.parse_until_dashes()
    if bool(options.data) == bool(options.boxes):
        parser.error("either --data or --boxes is needed")
    if options.boxes and not options.recordings:
        parser.error("--boxes needs the recordings that it is of")
    return options


def chosen_clips(options):
    clips, unreadable = clip_files.read_clips(options.data, options.folds)
    for text in unreadable:
        print(f"measure_faithfulness: {text}", file=sys.stderr)
    rng = np.random.default_rng(options.seed)
    chosen = []
    for name in sorted({clip.name for clip in clips}):
        members = [clip for clip in clips if clip.name == name]
        order = rng.permutation(len(members))[:options.per_class]
        chosen += [members[i] for i in order]
    return chosen


def write_boxes(clips, path):
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("file", "start_s", "end_s"))
        for clip in clips:
            for begin, end in clip.active_s:
                table.writerow((clip.path, begin, min(end, clip.duration_s)))
    return path


def measure(recordings, boxes, family, fill, options, folder):
    """Returns the numbers of each recording by its name."""
    masks = ("--window", options.window) if family == "window" else ("--masks", options.masks)
    tool.run("explain", *recordings, "-o", folder, "--figure", "none", "-q", "--model", options.model, "--family",
             family, *masks, "--fill", fill, *options.explain_options)
    results = sorted(folder.glob("*.json"))
    flip_fill = ("--fill", options.flip_fill) if options.flip_fill else ()
    tool.run("flip", *results, "-o", folder, "--figure", "none", "-q", *flip_fill)
    tool.run("localise", *results, "--boxes", boxes, "-o", folder / "localised.csv", "-q", some_may_fail=True)
    with (folder / "localised.csv").open(newline="", encoding="utf-8") as file:
        localised = {Path(row["file"]).stem: row for row in csv.DictReader(file)}
    found = {}
    for result in results:
        if result.stem not in localised:
            continue  # it has no boxes: localise has said so
        flipped = json.loads((folder / f"{result.stem}.flip.json").read_text())
        found[result.stem] = numbers_of(flipped, localised[result.stem])
    return found


def numbers_of(flipped, localised):
    gains = flipped["gains"]
    numbers = {"over_loudness": gains["over_amplitude"], "beats_loudness": flipped["beats_loudness"],
               "over_chance": gains["over_random"], "beats_chance": flipped["beats_chance"],
               "gap": gains["morf_lerf_gap"]}
    for column, value in localised.items():
        if column.removeprefix("loudness_") in METRICS:
            numbers[column] = float(value) if value else None
    return numbers


def shown(values, share=None):
    """Text of the mean, its interval, the share and the count."""
    values = [value for value in values if value is not None]
    if not values:
        return "-"
    interval = statistics.bootstrap_interval(values, range(len(values)), seed=0)
    text = f"{np.mean(values):+.3f}"
    if interval:
        text += f" [{interval[0]:+.3f}, {interval[1]:+.3f}]"
    return f"{text} n={len(values)}" if share is None else f"{text} {np.mean(share):.0%} n={len(values)}"


def print_row(family, fill, found):
    rows = list(found.values())

    def column(name):
        return [row.get(name) for row in rows]

    print(f"{family:<15} {fill:<10} {shown(column('over_loudness'), column('beats_loudness')):<36} "
          f"{shown(column('over_chance'), column('beats_chance')):<36} {shown(column('gap'))}", flush=True)


def mean_shown(rows, name):
    """Text of the mean over the recordings with such a number. Adds the count if not all have one."""
    values = [row[name] for row in rows if row.get(name) is not None]
    if not values:
        return "-"
    mean = f"{np.mean(values):.3f}" if np.mean(values) < 1000 else f"{np.mean(values):.0f}"
    return mean if len(values) == len(rows) else f"{mean} ({len(values)})"


def print_metrics(everything):
    """Prints the second table."""
    def print_metrics_row(name, rows, prefix=""):
        print(f"{name:<27}{len(rows):>4}" + "".join(f"{mean_shown(rows, prefix + metric):>12}" for metric in METRICS))

    print(f"\n{'family, fill':<27}{'n':>4}" + "".join(f"{title:>12}" for title in METRICS.values()))
    for name, found in everything.items():
        print_metrics_row(name, list(found.values()))
    print_metrics_row("loudness", list(next(iter(everything.values())).values()), "loudness_")


def main():
    options = parse_arguments()
    tool.require_program()
    everything = {}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        if options.data:
            clips = chosen_clips(options)
            recordings, boxes = [clip.path for clip in clips], write_boxes(clips, scratch / "boxes.csv")
        else:
            recordings, boxes = options.recordings, options.boxes
        print(f"{len(recordings)} recordings, {options.model}")
        print(f"{'family':<15} {'fill':<10} {'over loudness':<36} {'over chance':<36} gap")
        for family in options.families:
            for fill in options.fills:
                folder = scratch / f"{family}-{fill}"
                found = measure(recordings, boxes, family, fill, options, folder)
                everything[f"{family} {fill}"] = found
                print_row(family, fill, found)
        print_metrics(everything)
    if options.output:
        options.output.write_text(json.dumps(everything, indent=1))


if __name__ == "__main__":
    main()
