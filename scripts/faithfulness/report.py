"""Rows of the table: means with intervals, over all targets and over those that the model hears."""

from dataclasses import asdict, dataclass

import numpy as np

from . import statistics


@dataclass
class Row:
    family: str
    fill: str
    query: str
    which: str  # all, heard
    targets: int
    failed: int
    mass: float | None = None
    mass_interval: tuple | None = None
    pointing: float | None = None
    pointing_interval: tuple | None = None
    over_loudness: float | None = None
    with_loudness: int = 0  # number of targets of over_loudness
    sign_test_p: float | None = None
    masks: float | None = None


def means_by_group(values, groups):
    return [np.mean([value for value, of in zip(values, groups) if of == group]) for group in sorted(set(groups))]


def row_of(names, which, targets, measures, seed):
    """`measures` is by target number. Targets without measures failed."""
    found = [target for target in targets if target.number in measures]
    row = Row(*names, which, len(found), len(targets) - len(found))
    if not found:
        return row
    measured = [measures[target.number] for target in found]
    groups = [target.composition.number for target in found]
    masses = [measure.mass for measure in measured]
    row.mass = float(np.mean(masses))
    row.mass_interval = statistics.bootstrap_interval(masses, groups, seed)
    hits = sum(measure.pointing for measure in measured)
    row.pointing = hits / len(found)
    # Few recordings give no interval, even with many targets each.
    row.pointing_interval = statistics.wilson_interval(hits, len(found)) if row.mass_interval else None
    masks = [measure.masks for measure in measured if measure.masks is not None]
    row.masks = float(np.median(masks)) if masks else None
    with_control = [(mass - target.loudness.mass, group) for mass, target, group in zip(masses, found, groups)
                    if target.loudness]
    if with_control and names[0] != "loudness":
        differences = means_by_group(*zip(*with_control))
        row.with_loudness = len(with_control)
        row.over_loudness = float(np.mean([difference for difference, _ in with_control]))
        row.sign_test_p = statistics.sign_test(differences)
    return row


def rows_of(names, targets, measures, seed):
    heard = [target for target in targets if target.heard]
    rows = [row_of(names, "all", targets, measures, seed)]
    return rows + ([row_of(names, "heard", heard, measures, seed)] if heard else [])


HEADER = (f"{'family':<16} {'fill':<12} {'query':<10} {'which':<6} {'targets':>7} {'failed':>6}  {'mass (95 %)':<18} "
          f"{'pointing (95 %)':<18} {'- loudness (n)':>14} {'p':>8} {'masks':>7}")


def with_interval(value, interval):
    if value is None:
        return "-"
    return f"{value:.3f} ({interval[0]:.2f}-{interval[1]:.2f})" if interval else f"{value:.3f}"


def line_of(row):
    difference = "" if row.over_loudness is None else f"{row.over_loudness:+.3f} ({row.with_loudness})"
    p = "" if row.sign_test_p is None else f"{row.sign_test_p:.2g}"
    masks = "" if row.masks is None else f"{row.masks:.0f}"
    return (f"{row.family:<16} {row.fill:<12} {row.query:<10} {row.which:<6} {row.targets:>7} {row.failed:>6}  "
            f"{with_interval(row.mass, row.mass_interval):<18} "
            f"{with_interval(row.pointing, row.pointing_interval):<18} {difference:>14} {p:>8} {masks:>7}").rstrip()


def target_record(target, maps):
    return {
        "number": target.number, "composition": target.composition.number, "class": target.clip.name,
        "file": target.clip.path.name, "other_class": target.other.name, "other_file": target.other.path.name,
        "reference_file": target.reference_clip.path.name, "label": target.label, "heard": target.heard,
        "louder_db": target.composition.louder_db, "length_s": target.composition.length_s,
        "span_s": list(target.span_s), "share": target.share(),
        "loudness": asdict(target.loudness) if target.loudness else None, "maps": maps,
    }
