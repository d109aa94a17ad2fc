#!/usr/bin/env python3
"""Measures what `relax-spectro check` accepts: seeds of one model against each other, and other models.

Example:
  scripts/benchmarks/measure_check.py dog.wav rooster.wav --seeds 8 --other bird.pt -o measured
  scripts/benchmarks/measure_check.py dog.wav rooster.wav --model models/mobilenetv3-small.pt --perturb 0.1 -o measured

Explains the recordings with each seed of the model. Each other model has one more seed.
The results lie in folders below -o. Existing folders are used again.
Then checks every pair of seeds, and each seed against each other model.

For both kinds of check it prints the number of failed checks and of failed recordings.
For each measure it prints the median and largest value over its limit, and the range of values.
For the correlation, value and limit are subtracted from 1.
Faithfulness is compared if `flip` has run in these folders.

--perturb F makes another model: it adds Gaussian noise to each large weight tensor of the first.
The standard deviation of the noise is F times that of the tensor. The first model must be a path.

Needs numpy, and the programs in build/bin (scripts/build).
"""

import itertools
import json
import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file

np = Later("numpy")
perturbing = Later("benchmarks.perturbing")
tool = Later("benchmarks.tool")

MEASURES = ("correlation", "standard_errors", "shift_s", "shift_hz", "flip")


def results(folder, recordings, model, seed):
    if not (folder / "done").exists():
        tool.run("explain", *recordings, "--model", model, "--seed", seed, "-o", folder, "--figure", "none",
                 "--quiet", "--overwrite")
        (folder / "done").touch()
    return folder


def check(baseline, current, options):
    report = baseline.parent / "check.json"
    done = subprocess.run([tool.PROGRAM, "check", baseline, current, "--json", report, "--overwrite", "--no-progress",
                           *options], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"measure_check: error: check failed: {done.stderr}")
    return json.loads(report.read_text(encoding="utf-8"))


def how_far(name, measure):
    """Returns the value over its limit."""
    if measure["value"] is None or measure["limit"] is None:
        return np.nan
    if name == "correlation":
        return (1 - measure["value"]) / (1 - measure["limit"])
    return abs(measure["value"]) / measure["limit"]


def show(title, reports):
    found = [result for report in reports for result in report["results"]]
    failed = sum(result["status"] != "same" for result in found)
    print(f"{title}: {sum(not report['passes'] for report in reports)} of {len(reports)} checks failed, "
          f"{failed} of {len(found)} recordings")
    for name in MEASURES:
        measured = [result[name] for result in found if name in result]
        far = np.array([how_far(name, measure) for measure in measured])
        values = np.array([measure["value"] for measure, x in zip(measured, far) if np.isfinite(x)])
        far = far[np.isfinite(far)]
        if len(far) == 0:
            continue
        print(f"  {name:<16} over its limit: median of {len(far)} {np.median(far):.2f}, largest {far.max():.2f}; "
              f"values {values.min():.4g} to {values.max():.4g}; {np.mean(far > 1):.1%} beyond")


def main():
    parser = Parser(__doc__)
    parser.add_argument("recordings", nargs="+", type=existing_file, metavar="FILE")
    parser.add_argument("--model", default="mobilenetv3-small")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--other", action="append", default=[], help="another model, can be repeated")
    parser.add_argument("--perturb", action="append", default=[], type=float, help="share of noise, can be repeated")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--false-alarms", default="0.01")
    options = parser.parse_args()
    tool.require_program()
    limits = ("--false-alarms", options.false_alarms)
    seeds = [results(options.output / f"seed-{seed}", options.recordings, options.model, seed)
             for seed in range(options.seeds)]
    show("seeds", [check(a, b, limits) for a, b in itertools.combinations(seeds, 2)])
    models = [options.output / "models" / f"perturbed-{fraction}.pt" for fraction in options.perturb]
    for path, fraction in zip(models, options.perturb):
        perturbing.perturb(Path(options.model), fraction, path)
    for model in [*options.other, *models]:
        other = results(options.output / Path(model).stem, options.recordings, model, options.seeds)
        show(model, [check(seed, other, limits) for seed in seeds])


if __name__ == "__main__":
    main()
