#!/usr/bin/env python3
"""Runs scripts/workflow/Snakefile, and compares its results with single runs.

Example:
  tests/workflow/test_workflow.py              jobs on this machine
  tests/workflow/test_workflow.py --slurm      jobs of a Slurm of one node, which is started for it: needs root, and Debian

Makes recordings (one of them damaged), explains them by shares, and checks that the table and the arrays are those of
one `relax-spectro batch`, and that a second run has nothing to do.
Exit codes: 0 all checks passed; 1 some failed; 3 Slurm cannot be started here.

Needs the programs and the test models (scripts/build) and numpy. The first run needs the Python registry: it installs
Snakemake into .deps/workflow.
"""

import csv
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path += [str(SOURCE / "scripts"), str(SOURCE / "tests/cli")]
from command_line import Later, Parser
import environment
from local_slurm import CannotStart, LocalSlurm

cli_test_case = Later("cli_test_case")
PROGRAM = SOURCE / "build/bin/relax-spectro"
MODEL = SOURCE / "build/tests/models/rectangle.pt"
WORKFLOW = SOURCE / "scripts/workflow"
CANNOT_RUN = 3
SHARDS, RECORDINGS = 3, 7
BATCH_OPTIONS = ("--model", MODEL, "--grid", "4x4", "--figure", "none", "--threads", "1",
                 "--stages", "explain,flip", "--masks", "64")
failures = []


def check(true, what):
    print(f"  {'ok    ' if true else 'FAILED'} {what}", flush=True)
    if not true:
        failures.append(what)


def text_of(options):
    return " ".join(map(str, options))


def write_inputs(folder):
    for i in range(RECORDINGS):
        cli_test_case.write_wav(folder / "recordings" / f"{i}.wav", cli_test_case.noise(0.3, seed=i))
    (folder / "recordings" / "damaged.wav").write_bytes(b"not a recording")
    (folder / "my.yaml").write_text(
        f"program: {PROGRAM}\noutput: results\nrecordings: recordings\n"
        f"shards: {SHARDS}\nbatch_options: {text_of(BATCH_OPTIONS)}\n",
        encoding="utf-8")


def run_workflow(folder, options):
    command = [environment.snakemake(), "-s", WORKFLOW / "Snakefile", "--configfile", "my.yaml", *options]
    done = subprocess.run(list(map(str, command)), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=540, check=False)
    check(done.returncode == 0, f"snakemake {text_of(options)}: exit code {done.returncode}")
    if done.returncode != 0:
        print(done.stdout[-3000:])
        for log in sorted((folder / ".snakemake" / "slurm_logs").rglob("*.log"))[:2]:
            print(f"{log}:\n{log.read_text(errors='replace')[-2000:]}")
    return done.stdout


def run_alone(folder):
    """The same by one process."""
    subprocess.run([PROGRAM, "batch", "recordings", "-o", "alone", *map(str, BATCH_OPTIONS), "--quiet"], cwd=folder, check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def table(path):
    with path.open(newline="", encoding="utf-8") as file:
        return [{name: value for name, value in row.items() if name not in ("status", "seconds")} for row in csv.DictReader(file)]


def arrays(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.npz")}


def compare(folder):
    results, alone = folder / "results", folder / "alone"
    check(table(results / "summary.csv") == table(alone / "summary.csv"),
          f"the table of {RECORDINGS + 1} recordings is that of one run")
    found, expected = arrays(results), arrays(alone)
    check(len(expected) == 2 * RECORDINGS and found == expected, f"and so are the bytes of all {len(expected)} arrays")


def test(folder, options):
    write_inputs(folder)
    run_alone(folder)
    run_workflow(folder, options)
    if not failures:
        compare(folder)
        again = run_workflow(folder, options)
        check("Nothing to be done" in again, "a second run has nothing to do")


def test_slurm(folder):
    with tempfile.TemporaryDirectory(prefix="relax-spectro-slurm-") as daemons, LocalSlurm(Path(daemons)):
        # Without a database of jobs, only the queue knows their outcome.
        options = ("--workflow-profile", WORKFLOW / "profiles" / "slurm", "--slurm-no-account",
                   "--slurm-status-command", "squeue",
                   "--default-resources", "slurm_partition=main", "mem_mb=500", "runtime=10", "--set-threads", "shard=1",
                   "--latency-wait", "10", "--seconds-between-status-checks", "5",
                   "--slurm-init-seconds-before-status-checks", "5",
                   "--retries", "0")
        test(folder, options)
        jobs = subprocess.run(["squeue", "--states=all", "--noheader", "--format=%T"], capture_output=True, text=True,
                              check=True).stdout.split()
        expected = SHARDS + 1
        check(jobs == ["COMPLETED"] * expected,
              f"Slurm ran {len(jobs)} jobs ({', '.join(sorted(set(jobs)))}), expected {expected}")


def main():
    parser = Parser(__doc__)
    parser.add_argument("--slurm", action="store_true", help="run the jobs by a Slurm that is started for it")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the daemons must be stopped
    for path in (PROGRAM, MODEL):
        if not path.exists():
            parser.error(f"{path}: no such file; build first (scripts/build)")
    with tempfile.TemporaryDirectory(prefix="relax-spectro-workflow-") as temporary:
        try:
            if options.slurm:
                test_slurm(Path(temporary))
            else:
                test(Path(temporary), ("--cores", str(len(os.sched_getaffinity(0)))))
        except CannotStart as error:
            print(f"test_workflow: a Slurm cannot be started on this machine: {error}", file=sys.stderr)
            sys.exit(CANNOT_RUN)
    print(f"{len(failures)} checks failed" if failures else "all held")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
