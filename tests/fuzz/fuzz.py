#!/usr/bin/env python3
"""Feeds mutated files to relax-spectro's readers (libFuzzer, with sanitizers), and reports findings.

Example:
  tests/fuzz/fuzz.py                        every reader, for two minutes each
  tests/fuzz/fuzz.py npz boxes --minutes 10

READERs: audio (recordings), boxes, recording_list, model_card, npz (and npy), mask_file, result (JSON and arrays),
result_json (of results, flippings and sanity checks), flipping, state_dict (weights). All by default.

A reader may refuse a file with an error of the library that names the file. Everything else is a finding: other
exceptions, reports of AddressSanitizer and UndefinedBehaviorSanitizer, broken promises of a reader (tests/fuzz/),
20 s for one file, or 2 GiB of memory. Findings are in build-fuzz/findings. To see one again:

  build-fuzz/bin/relax_spectro_fuzz_npz build-fuzz/findings/npz-crash-…

Add a fixed one to tests/fuzz/corpus/READER, which the ordinary tests (ctest -R fuzz_corpus) read.
Exit codes: 0 no findings; 1 some; 2 the request was wrong.

Builds into build-fuzz with Clang, which is installed if it is missing (Debian, as root or with sudo).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.append(str(SOURCE / "scripts"))
from command_line import Parser

BUILD = SOURCE / "build-fuzz"
SEEDS = SOURCE / "tests" / "fuzz" / "corpus"
READERS = sorted(path.name for path in SEEDS.iterdir())
SECONDS_A_FILE, MEMORY_MIB, FILE_BYTES = 20, 2048, 8192


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER", default=READERS)
    parser.add_argument("--minutes", type=float, default=2, metavar="N", help="for each reader [2]")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the mutations; 0: another one each time [0]")
    options = parser.parse_args()
    for reader in options.readers:
        if reader not in READERS:
            parser.error(f"{reader}: the readers are {', '.join(READERS)}")
    if options.minutes <= 0:
        parser.error(f"--minutes is {options.minutes:g}; expected more than 0")
    return options


def install_clang():
    if shutil.which("clang++"):
        return
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    if os.environ.get("RELAX_SPECTRO_NO_PACKAGES") or not shutil.which("apt-get") or not all(map(shutil.which, as_root)):
        sys.exit("fuzz: error: there is no clang++, and it may not be installed here (Debian: clang)")
    print("fuzz: installing the Debian package clang", file=sys.stderr, flush=True)
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    subprocess.run([*apt, "update"], check=True, stdout=sys.stderr)
    subprocess.run([*apt, "install", "--no-install-recommends", "clang"], check=True, stdout=sys.stderr)


def build():
    install_clang()
    subprocess.run([SOURCE / "scripts" / "setup"], check=True)
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "fuzz"], cwd=SOURCE, check=True, stdout=sys.stderr)
    subprocess.run(["cmake", "--build", BUILD, "--parallel", os.environ.get("RELAX_SPECTRO_JOBS", "2"), "--target",
                    "relax_spectro_fuzz"], check=True, stdout=sys.stderr)


def write_dictionary(reader):
    """The words in the seeds: names of fields, columns and values, which mutations would rarely find."""
    words = {word for path in (SEEDS / reader).iterdir()
             for word in re.findall(rb"[A-Za-z_][A-Za-z_ ()]{2,30}", path.read_bytes())}
    path = BUILD / f"{reader}.dict"
    path.write_text("".join(f'"{word.decode()}"\n' for word in sorted(words)), encoding="ascii")
    return path


def number(name, text):
    found = re.findall(rf"{name}:?\s+(\d+)", text)
    return int(found[-1]) if found else 0


def fuzz(reader, options, scratch):
    """Runs one target, and returns its findings, one line each."""
    findings, corpus = BUILD / "findings", BUILD / "corpus" / reader
    for folder in (findings, corpus):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(findings.iterdir())
    done = subprocess.run(
        [BUILD / "bin" / f"relax_spectro_fuzz_{reader}", f"-max_total_time={round(60 * options.minutes)}",
         f"-seed={options.seed}", f"-timeout={SECONDS_A_FILE}", f"-rss_limit_mb={MEMORY_MIB}", f"-max_len={FILE_BYTES}",
         "-print_final_stats=1", f"-artifact_prefix={findings}/{reader}-", f"-dict={write_dictionary(reader)}",
         corpus, SEEDS / reader],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": scratch}, check=False)
    said = done.stderr.decode(errors="replace")
    (BUILD / f"{reader}.log").write_text(said, encoding="utf-8")
    found = sorted(set(findings.iterdir()) - before)
    print(f"{reader + ':':<16} {number('stat::number_of_executed_units', said):>9} files, {number('cov', said)} branches, "
          f"{number('stat::peak_rss_mb', said)} MiB, {len(found)} findings", flush=True)
    if done.returncode != 0 and not found:
        sys.exit(f"fuzz: error: the target ended with code {done.returncode}; see {BUILD / reader}.log")
    reasons = re.findall(r"^(?:SUMMARY: .*|\s*what\(\):.*|.*runtime error: .*)$", said, re.MULTILINE)
    for path in found:
        print("\n".join(f"  {line.strip()}" for line in [str(path), *reasons]), flush=True)
    return found


def main():
    options = parse_arguments()
    build()
    print("the corpus: ", end="", flush=True)
    if subprocess.run([BUILD / "bin" / "relax_spectro_corpus_tests"], check=False).returncode != 0:
        sys.exit(1)
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="relax-spectro-fuzz-", dir=memory if os.access(memory, os.W_OK) else None) as scratch:
        found = [finding for reader in options.readers for finding in fuzz(reader, options, scratch)]
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
