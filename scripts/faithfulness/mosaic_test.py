#!/usr/bin/env python3
"""Tests whether maps find what they explain, in recordings whose parts are known.

Example:
  scripts/faithfulness/mosaic_test.py --data esc10 --folds 3 --targets 100
  scripts/faithfulness/mosaic_test.py --data esc10 --folds 3 --targets 100 --mixture
  scripts/faithfulness/mosaic_test.py --data esc10 --model mn04.pt --labels scripts/faithfulness/esc10-to-audioset.json \\
      --family random:7x7 time:1x10 --fill zero silence band-mean -o mosaic.json -- --masks 1024

The test puts two recordings of different classes one after the other. Together they fill one window of
the model. One has 6 dB more power. Each class is a target:

  mass       share of the positive contrast of its map in its half
  pointing   whether the peak lies in its half

With --mixture an event lies in a background of another class that is 6 dB louder. The event is shorter than
half of the window. It alone is the target, and its time is the part that counts.

DIR holds clips and a clips.csv with the columns class, file, fold and, optionally, active_segments_s.
active_segments_s is such as "0.15-0.51;0.93-1.26". Without it a whole clip is active. Of each clip, the piece with
the most activity is used.

Two queries:
  class      the class's score (--score logit or prob). "001 - Dog bark" is the label "dog bark".
             --labels FILE.json has other names: {"Dog bark": "Bark", ...}
  reference  the cosine with the embedding of the class alone: of the same clip's most active window, or of another
             clip of that class (--reference-from other)

For each family, fill and query the script prints these values: once over all targets, and once over those that
are "heard". The model scores the class of a heard target higher than the other.

  targets    number of targets
  mass       mean, with a 95 % bootstrap interval of 10 000 resamples of whole mosaics.
             The two targets of a mosaic are not independent.
  pointing   rate, with Wilson's 95 % interval. This takes targets as independent.
  loudness   mean difference of the mass to that of the control, and the number of targets
  p          of a two-sided sign test on this difference. The two differences of a mosaic are averaged first.
  masks      median of the masks used

Fewer than five recordings have no interval. The control is the map of loudness: the spectrogram less its smallest
value. In mosaics its mass is one half by construction. In mixtures the row "chance" has the event's share of the window.

The test uses each clip about as often as any other. With more targets than clips, clips return in other
pairs. The intervals ignore this.

Options after -- go to every `relax-spectro explain`. The same --seed gives the same recordings. More targets
start with the same ones. The script reports and counts targets that fail. Exit codes: 0 done, 2 wrong request,
3 all targets failed, 4 some failed.

Needs Python 3.11, numpy and soundfile, and the programs in build/bin (scripts/build).
"""

import json
import sys
import tempfile
from dataclasses import asdict
from itertools import product
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file, existing_folder
from faithfulness.progress import Progress

tool = Later("benchmarks.tool")
clip_files = Later("faithfulness.clips")
compositions = Later("faithfulness.compositions")
explaining = Later("faithfulness.explaining")
measuring = Later("faithfulness.measuring")
report = Later("faithfulness.report")

SOME_FAILED, ALL_FAILED = 4, 3


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--data", type=existing_folder, required=True, metavar="DIR", help="folder with the clips and clips.csv")
    parser.add_argument("--folds", type=int, nargs="+", metavar="N", help="default: all")
    parser.add_argument("--targets", type=int, default=100, metavar="N", help="default: 100")
    parser.add_argument("--model", default="mobilenetv3-small")
    parser.add_argument("--probe", type=existing_file, metavar="FILE", help="classes of this probe in place of the model's")
    parser.add_argument("--labels", type=existing_file, metavar="FILE", help="JSON with the model's label of each class")
    parser.add_argument("--family", nargs="+", default=["random", "time"], metavar="FAMILY[:GRID]",
                        help="default: random time")
    parser.add_argument("--fill", nargs="+", default=["zero"], help="default: zero")
    parser.add_argument("--query", nargs="+", choices=("class", "reference"), default=["class", "reference"],
                        help="default: both")
    parser.add_argument("--score", choices=("logit", "prob"), default="logit", help="score of the class (default: logit)")
    parser.add_argument("--reference-from", choices=("same", "other"), default="same", help="default: same")
    parser.add_argument("--mixture", action="store_true", help="hide an event in a louder background")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the recordings (default: 1)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="JSON with the numbers of each target")
    options, options.explain_options = parser.parse_until_dashes()
    if options.targets < 1 or (not options.mixture and options.targets % 2):
        parser.error("--targets: an even number, as each mosaic has two; with --mixture any from 1 on")
    if not (options.data / "clips.csv").exists():
        parser.error(f"--data {options.data}: it has no clips.csv")
    if options.output and not options.output.resolve().parent.is_dir():
        parser.error(f"--output {options.output}: no such folder")
    return options


def print_controls(options, targets, controlled):
    """Prints the rows that need no mask."""
    names = ("loudness", "", "")
    rows = report.rows_of(names, targets, {target.number: target.loudness for target in controlled}, options.seed)
    for row in rows:
        print(report.line_of(row))
    if options.mixture:
        share = sum(target.share() for target in targets) / len(targets)
        print(f"{'chance':<46} {len(targets):>7} {'':>6}  {share:<18.3f} {share:.3f}")
    return rows


def run(options, folder):
    model = explaining.Model(options.model, options.probe)
    clips, unreadable = clip_files.read_clips(options.data, options.folds)
    for message in unreadable:
        print(f"mosaic_test: left out: {message}", file=sys.stderr)
    labels = measuring.labels_by_class(options, model, clips)
    kind = compositions.Mixtures if options.mixture else compositions.Mosaics
    maker, made = compositions.compose(kind, clips, model.window_s(), options.targets, options.seed,
                                       options.reference_from)
    not_made = compositions.write(maker, made, folder)
    targets = [target for composition in made for target in composition.targets]
    if labels:
        for target in targets:
            target.label, target.other_label = labels[target.clip.name], labels[target.other.name]
        measuring.hear(model, made, folder)
    for number, why in not_made.items():
        print(f"mosaic_test: target {number}: {why}", file=sys.stderr)
    return explain_targets(options, model, targets, not_made)


def explain_targets(options, model, targets, not_made):
    combinations = list(product(options.family, options.fill, options.query))
    able = [target for target in targets if target.number not in not_made]
    progress = Progress(len(combinations) * len(able))
    maps = {target.number: [] for target in targets}
    rows, failures, measured = [], 0, 0
    print(report.HEADER, flush=True)
    for names in combinations:
        measures, failed = measuring.measure_all(names, options, model, able, progress)
        failed |= not_made
        failures, measured = failures + len(failed), measured + len(measures)
        for number, outcomes in maps.items():
            outcome = asdict(measures[number]) if number in measures else {"failed": failed[number]}
            outcomes.append(dict(zip(("family", "fill", "query"), names)) | outcome)
        progress.clear()
        for row in report.rows_of(names, targets, measures, options.seed):
            rows.append(row)
            print(report.line_of(row), flush=True)
    rows += print_controls(options, targets, [target for target in targets if target.loudness])
    if options.output:
        found = [report.target_record(target, maps[target.number]) for target in targets]
        options.output.write_text(json.dumps({
            "command_line": sys.argv, "model": {"name": options.model, "sha256": model.sha256, "probe": model.probe},
            "rows": [asdict(row) for row in rows], "targets": found}, indent=1) + "\n")
    if failures:
        return SOME_FAILED if measured else ALL_FAILED
    return 0


def main():
    options = parse_arguments()
    tool.require_program()
    with tempfile.TemporaryDirectory() as folder:
        try:
            return run(options, Path(folder))
        except (explaining.WrongRequest, compositions.TooFewClips) as error:
            print(f"mosaic_test: error: {error}", file=sys.stderr)
            return explaining.WRONG_REQUEST


if __name__ == "__main__":
    sys.exit(main())
