#!/usr/bin/env python3
"""Puts a man page together, as Markdown: its text, the parts that it links to, and --help-all.

Example:
  apps/man/page.py relax-spectro-explain --programs build/bin | lowdown -s -Tman --out-no-smarty

A line that is only a link to a part stands for that part. A line that is only a command with
--help-all stands for the options (of the driver: the stages) that it prints.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def source_of(program):
    """The page of a program: relax-spectro.md, or STAGE.md of relax-spectro-STAGE."""
    return FOLDER / f"{program.removeprefix('relax-spectro-')}.md"


def help_of(program, programs):
    return subprocess.run([programs / program, "--help-all"], capture_output=True, text=True, check=True).stdout


def escaped(text):
    return re.sub(r"([*_<>\[\]`])", r"\\\1", text)


def entry(names, text):
    """One option, or one stage, in a list of definitions. Placeholders are emphasised."""
    words = [f"*{escaped(word)}*" if word[0].isupper() else f"**{word.rstrip(',')}**" + "," * word.endswith(",")
             for word in names.split()]
    return f"{' '.join(words)}\n: {escaped(text)}\n"


def listed(help_text):
    """What stands behind the usage: groups of options."""
    lines = []
    for line in help_text[help_text.index("\n\nUsage:"):].splitlines():
        if found := re.match(r"  (\S.*?) {2,}(\S.*)$", line):
            lines.append(entry(*found.groups()))
        elif re.match(r"[A-Z].*:$", line):
            lines.append(f"## {line[:-1]}\n")
    return "\n".join(lines)


def text_of(program):
    """The page of a program, with its parts."""

    def part(found):
        return (FOLDER / found.group(1)).read_text("utf-8").rstrip()

    return re.sub(r"(?m)^\[[^\]]*\]\((parts/[^)]*)\)$", part, source_of(program).read_text("utf-8"))


def page(program, programs):
    """The whole page of a program, which is in the folder `programs`."""
    return re.sub(r"(?m)^`relax-spectro.* --help-all`$", lambda _: listed(help_of(program, programs)),
                  text_of(program))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="relax-spectro or relax-spectro-STAGE")
    parser.add_argument("--programs", type=Path, required=True, metavar="FOLDER", help="where the programs are")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="the page to write [stdout]")
    arguments = parser.parse_args()
    text = page(arguments.program, arguments.programs)
    if arguments.output:
        arguments.output.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    sys.exit(main())
