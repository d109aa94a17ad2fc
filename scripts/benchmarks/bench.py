#!/usr/bin/env python3
"""Measures relax-spectro against the published packages, in one run on the same model, input and cores.

Example:
  scripts/benchmarks/bench.py --mobilenet mn04.pt --recordings dog.wav rooster.wav rain.wav --output bench.json
  scripts/benchmarks/bench.py --only speed --quick
  scripts/benchmarks/bench.py --only accuracy --models aiSFX          after scripts/setup --pretrained
  scripts/benchmarks/bench.py --compare bench.json --output now.json      exit code 1: a ratio became worse

Parts (--only, several with commas):
  speed      masks a second of relax-spectro, relax-xai, Captum's Occlusion and OpenVINO's bare forward passes.
             Steps a second of pixel flipping, also by Quantus. All run in turn, round by round.
             The results are the median and the range of the ratios within a round.
  accuracy   time to the accuracy of relax-xai's map of 3000 masks. The error is that of the map less its mean,
             against --reference masks of another seed. The noise of the reference is subtracted.
  masks      time and peak memory from 256 to 65 536 masks
  length     time and peak memory from 5 s to 1 h of recording
  start      process start
  scaling    workers and threads, with LibTorch's optimisation on and off
  forms      batch sizes, and fused batches. The time to fuse them counts.
  precision  numbers of fewer digits, and their effect on the map

Without --mobilenet, mobilenetv3-small is measured. VGGish has random weights, which run at the same speed.
Without --recordings, the recordings of scripts/demo are used. Needs the programs (scripts/build).
The first run needs 8 GB of disk and the Python registry. It installs the packages into .deps/bench.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from benchmarks import environment
from command_line import Parser, existing_file

ACCURACY_MODELS = ("MobileNetV3", "mobilenetv3-small", "vggish-small", "aiSFX")
PARTS = ("speed", "accuracy", "masks", "length", "start", "scaling", "forms", "precision")
SCRIPTS = Path(__file__).resolve().parents[1]


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS")
    parser.add_argument("--mobilenet", default="mobilenetv3-small", metavar="MODEL")
    parser.add_argument(
        "--recordings", nargs="+", type=existing_file, metavar="FILE", help="all parts except accuracy use the first"
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--seeds", type=int, default=4, metavar="N", help="seeds in each step of accuracy [4]")
    parser.add_argument("--models", nargs="+", choices=ACCURACY_MODELS, default=ACCURACY_MODELS[:-1],
                        help="models of accuracy [all but aiSFX]")
    parser.add_argument("--reference", type=int, default=65536, metavar="MASKS", help="masks of the reference [65536]")
    parser.add_argument("--precision", nargs="+", choices=("single", "bfloat16", "half"), default=["single"],
                        help="precisions of accuracy. The reference is in single precision [single]")
    parser.add_argument("--quick", action="store_true", help="use an eighth of the masks, to try the script")
    parser.add_argument("-o", "--output", type=Path, default=Path("bench.json"), metavar="FILE")
    parser.add_argument("--compare", type=existing_file, metavar="FILE", help="an earlier output")
    options = parser.parse_args()
    options.only = options.only.split(",")
    for part in options.only:
        if part not in PARTS:
            parser.error(f"--only {part}: the parts are {', '.join(PARTS)}")
    return options


def demo_recordings():
    found = subprocess.run([SCRIPTS / "fetch-recordings"], stdout=subprocess.PIPE, text=True, check=False).stdout.split()
    return [Path(path) for path in found] or sys.exit("bench: error: no recording; name some with --recordings")


def machine():
    import torch

    names = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    return {"processor": names[0] if names else platform.processor(), "cores": len(os.sched_getaffinity(0)),
            "torch": torch.__version__, "load": os.getloadavg()[0]}


def measure(options, results):
    from benchmarks import accuracy, case, forms, growth, precision, scaling, speed, start, vggish

    folder = environment.FOLDER / "cases"
    folder.mkdir(parents=True, exist_ok=True)
    recordings = options.recordings or demo_recordings()
    vggish_file = environment.FOLDER / "vggish-random.pt"
    vggish.write(vggish_file)
    mobilenet = case.first_window(recordings[0], options.mobilenet, folder)
    full_vggish = case.first_window(recordings[0], vggish_file, folder)
    if "speed" in options.only:
        speed.measure(results, mobilenet, full_vggish, options.rounds, options.quick)
    if "accuracy" in options.only:
        models = {"MobileNetV3": options.mobilenet, "mobilenetv3-small": "mobilenetv3-small",
                  "vggish-small": "vggish-small", "aiSFX": "aisfx"}
        if options.mobilenet == "mobilenetv3-small":
            del models["MobileNetV3"]
        cases = {name: [case.first_window(recording, model, folder) for recording in recordings]
                 for name, model in models.items() if name in options.models}
        bounds = {"MobileNetV3": (40, 60), "vggish-small": (12, 25), "aiSFX": (12, 25)}
        accuracy.measure(results, cases, bounds, options.seeds, 8192 if options.quick else options.reference,
                         options.precision)
    if "masks" in options.only:
        growth.masks(results, mobilenet, options.quick)
    if "length" in options.only:
        growth.length(results, recordings[0], options.mobilenet, options.quick)
    if "start" in options.only:
        start.measure(results, mobilenet, options.rounds)
    if "scaling" in options.only:
        scaling.measure(results, "MobileNetV3", mobilenet, options.rounds, 4096)
        scaling.measure(results, "VGGish", full_vggish, options.rounds, 512)
    if "forms" in options.only:
        forms.measure(results, "MobileNetV3", mobilenet, options.rounds, 4096)
        forms.measure(results, "VGGish", full_vggish, options.rounds, 128)
    if "precision" in options.only:
        precision.measure(results, "MobileNetV3", mobilenet, options.rounds, 4096)
        precision.measure(results, "VGGish", full_vggish, options.rounds, 512)


def main():
    options = parse_arguments()
    environment.enter()
    from benchmarks import result, tool

    tool.require_program()
    before = options.compare and result.read(options.compare)
    results = result.Results(options.output, machine())
    print(", ".join(f"{name} {value}" for name, value in results.machine.items()), flush=True)
    measure(options, results)
    print(f"\nwritten: {options.output}")
    if before and result.compare(before, results.numbers):
        sys.exit(1)


if __name__ == "__main__":
    main()
