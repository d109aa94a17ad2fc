#!/usr/bin/env python3
"""Tries to break relax-spectro batch, and reports the results. The exit code is 1 if something broke.

Example:
  tests/cli/stress_batch.py                               all parts, with the tests' smallest model
  tests/cli/stress_batch.py --only kill,damage            some

Parts (--only, several with commas):
  kill     kill -9 at ten random moments, run after run: no finished file is touched, and the last run's table and
           arrays are those of a run that was never killed
  signal   SIGINT and SIGTERM at random moments: exit code 130, a table of what is done, nothing half-made, and the last
           run's table and arrays are those of a run that was never interrupted
  damage   a hundred damaged recordings among ten whole ones: each is reported, the whole ones are done
  many     5 000 short recordings: how much the peak of the memory grows from 500 on; then again, all kept
  disk     an output folder on a full disk (a small tmpfs: needs root): no half-written file, and done when there is room
  access   an output folder without write permission, and recordings without read permission (not as root: skipped)
  speed    recordings a second, against one process for each

Needs the programs and the test models (scripts/build), and numpy.
"""

import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.append(str(SOURCE / "scripts"))
from command_line import Later, Parser

cli_test_case = Later("cli_test_case")

PARTS = ("kill", "signal", "damage", "many", "disk", "access", "speed")
PROGRAM = SOURCE / "build/bin/relax-spectro"
SUCCESS, FAILURE, SOME_FAILED, INTERRUPTED = 0, 3, 4, 130
failures = []


def check(true, what):
    print(f"  {'ok    ' if true else 'FAILED'} {what}", flush=True)
    if not true:
        failures.append(what)


def batch(recordings, output, *options, masks=20, stages="explain,flip", figure="none", shell_limit=None):
    command = ["batch", recordings, "-o", output, "--model", MODEL, "--stages", stages, "--masks", masks, "--grid", "4x4",
               "--figure", figure, "--threads", "1", "--workers", "1", "--quiet", *options]
    words = [str(PROGRAM), *map(str, command)]
    return words if shell_limit is None else [*shell_limit, *words]


def run(words):
    return subprocess.run(words, capture_output=True, text=True, check=False,
                          env={**os.environ, "OMP_NUM_THREADS": "1"})


def table(output, without=("status", "seconds")):
    with open(output / "summary.csv", newline="", encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k not in without} for row in csv.DictReader(file)]


def statuses(output):
    rows = table(output, without=())
    return {status: sum(row["status"] == status for row in rows) for status in {row["status"] for row in rows}}


def arrays(output):
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*.npz")}


def finished(output):
    """The state of finished results' files, which shows whether they were touched."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in output.rglob("*.*")
            if path.suffix in (".npz", ".json", ".png") and path.name[0] != "." and path.with_suffix(".json").exists()}


def partial_files(output):
    return [path.name for path in output.rglob(".*") if ".partial." in path.name]


def write_recordings(folder, count, duration_s=0.3):
    for i in range(count):
        cli_test_case.write_wav(folder / f"{i:05}.wav", cli_test_case.noise(duration_s, seed=i))
    return folder


def kill_part(folder):
    """With figures, whose drawing takes most of the time, so that kills meet results that are being written."""
    recordings = write_recordings(folder / "recordings", 40)
    (recordings / "00007.wav").write_bytes(b"not a recording")
    started = time.monotonic()
    run(batch(recordings, folder / "whole", masks=200, figure="png"))
    seconds = time.monotonic() - started
    moments = random.Random(1)
    output, kills, leftovers, touched = folder / "killed", 0, 0, 0
    before = {}
    while kills < 10:
        child = subprocess.Popen(batch(recordings, output, masks=200, figure="png"), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.05, 0.25) * seconds)
        if child.poll() is not None:
            break
        child.send_signal(signal.SIGKILL)
        child.wait()
        kills += 1
        leftovers += len(partial_files(output))
        now = finished(output)
        touched += sum(now.get(path) != state for path, state in before.items())
        before = now
    done = run(batch(recordings, output, masks=200, figure="png"))
    touched += sum(finished(output).get(path) != state for path, state in before.items())
    print(f"  {kills} kills within runs of {seconds:.1f} s; {leftovers} temporary files left by them", flush=True)
    check(kills >= 5, "enough of the kills came in time")
    check(done.returncode == SOME_FAILED, f"exit code 4, as a run that was never killed has ({done.returncode})")
    check(touched == 0, "no finished file was touched")
    check(table(output) == table(folder / "whole"), "the table is that of a run that was never killed")
    check(arrays(output) == arrays(folder / "whole"), f"and so are the bytes of all {len(arrays(output))} arrays")
    check(not partial_files(output), f"no temporary file is left {partial_files(output) or ''}")
    check({path.with_suffix("") for path in output.rglob("*.png")} == {path.with_suffix("") for path in output.rglob("*.npz")},
          "each result has its figure")


def signal_part(folder):
    recordings = write_recordings(folder / "recordings", 40)
    started = time.monotonic()
    run(batch(recordings, folder / "whole", masks=200, figure="png"))
    seconds = time.monotonic() - started
    moments = random.Random(3)
    output, codes, tables_fit, left = folder / "interrupted", [], [], []
    for number in (signal.SIGINT, signal.SIGTERM) * 4:
        child = subprocess.Popen(batch(recordings, output, masks=200, figure="png"), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        # While it starts, before it is in charge of signals, one ends it as any program.
        time.sleep(0.4 + moments.uniform(0.0, 0.1) * seconds)
        if child.poll() is not None:
            break
        child.send_signal(number)
        codes.append(child.wait())
        rows = table(output, without=())
        tables_fit.append(all(row["status"] in ("done", "kept") and (output / f"{row['result']}.json").exists() for row in rows))
        left += partial_files(output) + [str(path) for path in output.rglob("*.npz") if not path.with_suffix(".json").exists()]
    check(len(codes) >= 4, f"{len(codes)} of the signals came in time")
    check(set(codes) == {INTERRUPTED}, f"exit code 130 each time ({sorted(set(codes))})")
    check(all(tables_fit), "each table has results that are there, and no others")
    check(not left, f"nothing half-made is left {left or ''}")
    done = run(batch(recordings, output, masks=200, figure="png"))
    check(done.returncode == SUCCESS, f"the last run does the rest ({done.returncode})")
    check(table(output) == table(folder / "whole") and arrays(output) == arrays(folder / "whole"),
          "table and arrays are those of a run that was never interrupted")


def damage_part(folder):
    recordings = write_recordings(folder / "recordings", 10)
    whole = (recordings / "00000.wav").read_bytes()
    draws = random.Random(2)
    for i in range(100):
        data = bytearray(whole)
        kind = i % 5
        if kind == 0:
            data = data[:draws.randrange(len(data) // 2)]  # cut off
        elif kind == 1:
            data = bytearray(draws.randbytes(draws.randrange(1, 5000)))  # noise
        elif kind == 2:
            for _ in range(8):
                data[draws.randrange(44)] = draws.randrange(256)  # a header of nonsense
            data[0:4] = b"RIFX" if draws.random() < 0.5 else b"RIFF"
            data[12:16] = b"fnt "
        elif kind == 3:
            place = 44 + 4 * draws.randrange((len(data) - 44) // 4)
            data[place:place + 4] = b"\x00\x00\xc0\x7f"  # a NaN
        else:
            data[22:24] = b"\x00\x00"  # no channel
        (recordings / f"bad-{i:03}.wav").write_bytes(data)
    done = run(batch(recordings, folder / "results"))
    rows = table(folder / "results", without=())
    bad = [row for row in rows if "bad-" in row["file"]]
    check(done.returncode == SOME_FAILED, f"exit code 4 ({done.returncode})")
    check(len(rows) == 110, "each recording has a row")
    check(all(row["status"] == "failed" and row["stage"] == "read" and row["reason"] for row in bad),
          f"{sum(row['status'] == 'failed' for row in bad)} of 100 damaged recordings are reported with a reason")
    check(all(row["status"] == "done" for row in rows if "bad-" not in row["file"]), "the ten whole ones are done")


def peak_mib(words):
    """Runs a command, and returns its peak of resident memory, seconds and exit code."""
    reporter = ("import os,sys\np=os.spawnvp(os.P_NOWAIT,sys.argv[1],sys.argv[1:])\n_,s,u=os.wait4(p,0)\n"
                "print('PEAK',u.ru_maxrss,os.waitstatus_to_exitcode(s))")
    started = time.monotonic()
    done = run([sys.executable, "-c", reporter, *words])
    _, kib, code = done.stdout.splitlines()[-1].split()
    return int(kib) / 1024, time.monotonic() - started, int(code)


def many_part(folder):
    peaks = {}
    for count in (500, 5000):
        recordings = write_recordings(folder / f"recordings-{count}", count, duration_s=0.2)
        output = folder / f"results-{count}"
        peaks[count], seconds, code = peak_mib(batch(recordings, output, stages="explain"))
        print(f"  {count} recordings: peak {peaks[count]:.0f} MiB, {seconds:.0f} s", flush=True)
        check(code == SUCCESS and statuses(output) == {"done": count}, "all done")
    check(peaks[5000] - peaks[500] < 24, f"the peak grows by {peaks[5000] - peaks[500]:.1f} MiB from 500 to 5 000")
    peak, seconds, code = peak_mib(batch(folder / "recordings-5000", folder / "results-5000", stages="explain"))
    print(f"  again: peak {peak:.0f} MiB, {seconds:.0f} s", flush=True)
    check(code == SUCCESS and statuses(folder / "results-5000") == {"kept": 5000}, "all kept")


def disk_part(folder):
    mount = folder / "disk"
    mount.mkdir()
    if os.geteuid() != 0 or run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount]).returncode != 0:
        print("  skipped: needs root, and leave to mount")
        return
    try:
        recordings = write_recordings(folder / "recordings", 20)
        done = run(batch(recordings, mount / "results", stages="explain", masks=200))
        check(done.returncode in (FAILURE, SOME_FAILED), f"exit code 3 or 4 ({done.returncode})")
        check("No space left" in done.stderr or "cannot be written" in done.stderr, "the disk is named as the reason")
        stems = {path.with_suffix("") for path in (mount / "results").rglob("*.json")}
        check(all(stem.with_suffix(".npz").exists() for stem in stems), f"each of the {len(stems)} JSONs has its arrays")
        run(["mount", "-o", "remount,size=64m", mount])
        done = run(batch(recordings, mount / "results", stages="explain", masks=200))
        check(done.returncode == SUCCESS, f"with more room the same command does the rest ({done.returncode})")
        check(not partial_files(mount / "results"), "no temporary file is left")
    finally:
        run(["umount", mount])


def access_part(folder):
    if os.geteuid() == 0:
        if run(["setpriv", "--help"]).returncode != 0:
            print("  skipped: root may read and write everything, and there is no setpriv")
            return
        limit = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        folder.chmod(0o755)
    else:
        limit = []
    recordings = write_recordings(folder / "recordings", 3)
    (recordings / "00001.wav").chmod(0)
    output = folder / "results"
    output.mkdir()
    output.chmod(0o555)
    done = run(batch(recordings, output, shell_limit=limit))
    if "cannot be run" in done.stderr or "No such file" in done.stderr or "Permission denied" in done.stdout:
        print(f"  skipped: another user cannot reach the programs here: {done.stderr.strip()[-120:]}")
        return
    check(done.returncode == FAILURE and "ermission denied" in done.stderr,
          f"without leave to write: exit code 3 ({done.returncode})")
    output.chmod(0o777)
    done = run(batch(recordings, output, shell_limit=limit))
    rows = table(output, without=())
    check(done.returncode == SOME_FAILED, f"a recording without leave to read: exit code 4 ({done.returncode})")
    check([row["status"] for row in rows] == ["done", "failed", "done"] and "ermission denied" in rows[1]["reason"],
          "and its reason in the table")


def speed_part(folder):
    recordings = write_recordings(folder / "recordings", 40)
    _, together, _ = peak_mib(batch(recordings, folder / "together", stages="explain", masks=200))
    started = time.monotonic()
    for path in sorted(recordings.iterdir()):
        run([PROGRAM, "explain", path, "-o", folder / "alone", "--model", MODEL, "--masks", "200", "--grid", "4x4",
             "--figure", "none", "--threads", "1", "--workers", "1", "--quiet"])
    alone = time.monotonic() - started
    print(f"  a batch is {alone / together:.1f} times as fast as one process for each of 40 recordings", flush=True)
    check(arrays(folder / "together") == arrays(folder / "alone"), "and gives the same arrays, byte by byte")


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS")
    parser.add_argument("--model", type=Path, default=SOURCE / "build/tests/models/rectangle.pt", metavar="MODEL")
    options = parser.parse_args()
    options.only = options.only.split(",")
    for part in options.only:
        if part not in PARTS:
            parser.error(f"--only {part}: the parts are {', '.join(PARTS)}")
    if not options.model.exists():
        parser.error(f"{options.model}: no such file; build first (scripts/build, ctest -R test_models), or name a --model")
    return options


if __name__ == "__main__":
    arguments = parse_arguments()
    MODEL = arguments.model
    for part in arguments.only:
        print(f"{part}:", flush=True)
        with tempfile.TemporaryDirectory(prefix="relax-spectro-stress-") as temporary:
            globals()[f"{part}_part"](Path(temporary))
    print(f"{len(failures)} checks failed" if failures else "all held")
    sys.exit(1 if failures else 0)
