#!/usr/bin/env python3
"""Measures what several scores in one run cost, and how large a result is.

Example:
  scripts/benchmarks/measure_scores.py dog.wav --model mn04.pt --masks 1024 --rounds 5

One score, ten classes and (once) all classes of the model are explained in turn, at equal masks. The recording is
repeated to ten minutes for the size of a result. The model's card needs labels.
"""

import json
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file

np = Later("numpy")
soundfile = Later("soundfile")
tool = Later("benchmarks.tool")


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("recording", type=existing_file, metavar="FILE")
    parser.add_argument("--model", default="mobilenetv3-small", metavar="MODEL")
    parser.add_argument("--masks", type=int, default=1024, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--figure", default="png", metavar="FORMAT", help="png, or none [png]")
    return parser.parse_args()


def explain(options, folder, recording, *more):
    """Returns the time and the memory of a run."""
    return tool.run("explain", recording, "--model", options.model, "--figure", options.figure, "--overwrite", "-q",
                    "-o", folder, *more)


def classes_of(folder):
    """The classes of the model of a result, by their index."""
    result = json.loads(next(Path(folder).glob("*.json")).read_text(encoding="utf-8"))
    return [str(index) for index in range(len(result["model"]["card"]["labels"]))]


def ten_minutes_of(recording, path):
    """Repeats the recording."""
    samples, rate_hz = soundfile.read(recording, always_2d=True)
    soundfile.write(path, np.resize(samples.mean(axis=1), 600 * rate_hz), rate_hz)


def told(name, values, unit=""):
    print(f"{name}: {np.median(values):.3g}{unit} ({min(values):.3g} to {max(values):.3g})", flush=True)


def main():
    options = parse_arguments()
    tool.require_program()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        count = ("--masks", options.masks)
        explain(options, folder / "warm", options.recording, *count)
        classes = classes_of(folder / "warm")
        ten = ",".join(classes[:10])
        ratios, processor_ratios, ones = [], [], []
        for _ in range(options.rounds):
            one = explain(options, folder / "one", options.recording, *count, "--score", classes[0])
            several = explain(options, folder / "ten", options.recording, *count, "--score", ten)
            ones.append(one.seconds)
            ratios.append(several.seconds / one.seconds)
            processor_ratios.append(several.processor_s / one.processor_s)
        told("one class", ones, " s")
        told("ten classes over one", ratios, "×")
        told("the same, processor time", processor_ratios, "×")
        stem = options.recording.stem
        same = (folder / f"one/{stem}.npz").read_bytes() == (folder / f"ten/{stem}@{classes[0]}.npz").read_bytes()
        print(f"the same arrays alone and among ten: {'yes' if same else 'NO'}")
        options.figure = "none"
        one = explain(options, folder / "one", options.recording, *count, "--score", classes[0])
        every = explain(options, folder / "all", options.recording, *count, "--score", "all")
        written = sum(path.stat().st_size for path in (folder / "all").iterdir())
        print(f"all {len(classes)} classes over one, without figures: {every.seconds / one.seconds:.2f}×, "
              f"processor time {every.processor_s / one.processor_s:.2f}×, "
              f"{every.peak_mib:.0f} MiB, {written / 2**20:.0f} MiB written")
        long = folder / "ten-minutes.wav"
        ten_minutes_of(options.recording, long)
        run = explain(options, folder / "long", long, "--masks", 256)
        size = (folder / "long/ten-minutes.npz").stat().st_size
        print(f"ten minutes, 256 masks a window: arrays of {size / 1e6:.1f} MB, {run.peak_mib:.0f} MiB")


if __name__ == "__main__":
    main()
