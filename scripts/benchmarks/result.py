"""Results of the benchmark: numbers with their spread, and ratios with a bound."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np


@dataclass
class Number:
    name: str
    values: list  # one a round
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    hope: float | None = None
    note: str = ""

    def median(self):
        return float(np.median(self.values))

    def reached(self):
        if self.at_least is not None:
            return self.median() >= self.at_least
        if self.at_most is not None:
            return self.median() <= self.at_most
        return None

    def bound(self):
        if self.at_least is not None:
            return f"≥ {self.at_least:g}" + (f" (hope {self.hope:g})" if self.hope else "")
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""


@dataclass
class Results:
    path: Path
    machine: dict
    numbers: list = field(default_factory=list)

    def add(self, *arguments, **fields):
        number = Number(*arguments, **fields)
        number.values = [float(value) for value in number.values]
        self.numbers.append(number)
        print(line_of(number), flush=True)
        self.write()

    def write(self):
        """Writes after each number, because all of them take hours. Renames, so that no half file remains."""
        partial = self.path.with_name(self.path.name + ".partial")
        partial.write_text(json.dumps({"machine": self.machine, "numbers": [asdict(n) for n in self.numbers]}, indent=1))
        partial.replace(self.path)


def read(path):
    return [Number(**fields) for fields in json.loads(path.read_text())["numbers"]]


def shown(value):
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def line_of(number):
    spread = f"({shown(min(number.values))}–{shown(max(number.values))})" if len(number.values) > 1 else ""
    verdict = {True: "reached", False: "NOT REACHED", None: ""}[number.reached()]
    return (f"{number.name:<62} {shown(number.median()):>8} {number.unit:<8} {spread:<16} n={len(number.values):<3} "
            f"{number.bound():<18} {verdict} {number.note}").rstrip()


def compare(before, after, tolerance=0.15):
    """Prints what changed. Returns True if a number with a bound became worse by more than the tolerance.

    Only numbers with a bound are judged: ratios within one run, and shares.
    These hold on another machine of the same kind. Seconds and masks per second do not.
    """
    known = {number.name: number for number in before}
    worse = False
    for number in after:
        old = known.get(number.name)
        if old is None or number.reached() is None:
            continue
        change = number.median() / old.median()
        lost = change < 1 - tolerance if number.at_least is not None else change > 1 + tolerance
        worse = worse or lost
        print(f"{number.name:<62} {shown(old.median()):>8} (n={len(old.values)}) → {shown(number.median())} "
              f"(n={len(number.values)}) {change - 1:+.0%}"
              f"{'  WORSE' if lost else ''}")
    return worse
