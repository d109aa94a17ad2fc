#!/usr/bin/env python3
"""Measures what a logistic classifier reads from embeddings of ESC-10, with each fold left out in turn.

Example:
  scripts/benchmarks/measure_probe.py --data esc10 --models mn04.pt aisfx
  scripts/benchmarks/measure_probe.py --data esc10 --test 3 --models mobilenetv3-small vggish-small

The folder holds clips.csv with the columns file, class and fold, and the clips, anywhere below it. Clips of one
source, the second number of a name such as 1-100032-A.ogg, are a group. With --test, the other folds are learnt and
one is tested: models that were trained on the others may be tested on nothing else.
"""

import csv
import json
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_folder

tool = Later("benchmarks.tool")


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--data", type=existing_folder, required=True, metavar="FOLDER", help="clips.csv and the clips")
    parser.add_argument("--models", nargs="+", default=["mobilenetv3-small"], metavar="MODEL",
                        help="names or files [mobilenetv3-small]")
    parser.add_argument("--test", metavar="FOLD", help="test this fold only [each in turn]")
    parser.add_argument("--unit", default="recording", metavar="UNIT", help="recording or window [recording]")
    return parser.parse_args()


def write_labels(options, path):
    with open(options.data / "clips.csv", newline="", encoding="utf-8") as file:
        clips = list(csv.DictReader(file))
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "label", "group", "split" if options.test else "fold"))
        for clip in clips:
            name = Path(clip["file"]).name
            part = clip["fold"]
            if options.test:
                part = "test" if part == options.test else "train"
            writer.writerow((name, clip["class"], name.split("-")[1], part))
    return [next(options.data.rglob(Path(clip["file"]).name)) for clip in clips]


def ranged(value, interval):
    return f"{value:.3f} ({interval[0]:.3f}–{interval[1]:.3f})"


def row_of(model, found):
    measures = {measure["name"]: measure for measure in found["measures"] if not measure["label"]}
    controls = found["controls"]
    return " | ".join((Path(model).stem,
                       ranged(measures["accuracy"]["value"], measures["accuracy"]["interval"]),
                       ", ".join(f"{fold['accuracy']:.3f}" for fold in found["folds"]),
                       ranged(controls["bands"]["accuracy"], controls["bands"]["interval"]),
                       ranged(controls["shuffled_labels"]["accuracy"], controls["shuffled_labels"]["interval"]),
                       ranged(measures["log_loss"]["value"], measures["log_loss"]["interval"]),
                       f"{measures['raw_ece']['value']:.3f}, {measures['ece']['value']:.3f}"))


def main():
    options = parse_arguments()
    tool.require_program()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        clips = write_labels(options, folder / "labels.csv")
        print("model | accuracy (95 %) | folds | bands (95 %) | shuffled (range) | log loss (95 %) | "
              "calibration error before, after")
        for i, model in enumerate(options.models):
            tool.run("embed", *clips, "-m", model, "-q", "-o", folder / f"{i}.npz")
            tool.run("probe", folder / f"{i}.npz", "--labels", folder / "labels.csv", "--unit", options.unit,
                     "--figure", "none", "-q", "-o", folder / f"{i}")
            found = json.loads((folder / f"{i}.probe.json").read_text(encoding="utf-8"))
            print(f"| {row_of(model, found)} |", flush=True)


if __name__ == "__main__":
    main()
