"""Recordings made of two labelled ones. It is known which part belongs to which class."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .clips import Clip, active_time, most_active_begin, piece, sound
from .relevance import Measure

LEVEL = 0.1  # root mean square
RAMP_S = 0.005  # at both ends of every piece, against clicks
DIFFERENCE_DB = 6.0
SHORTEST_EVENT_S = 0.1
LEAST_BACKGROUND_ACTIVITY = 0.8


class TooFewClips(Exception):
    pass


@dataclass
class Target:
    """One class in one composition. A map of its score should be high in its span only."""

    number: int
    composition: "Composition"
    clip: Clip
    other: Clip
    span_s: tuple
    reference_clip: Clip
    reference: Path | None = None  # a recording of the class alone
    label: str | None = None
    other_label: str | None = None
    heard: bool | None = None  # the model scores this class higher than the other
    loudness: Measure | None = None  # measure of the control

    def share(self):
        return (self.span_s[1] - self.span_s[0]) / self.composition.length_s


@dataclass
class Composition:
    number: int
    length_s: float
    louder_db: float  # the right half over the left, or the background over the event
    path: Path | None = None
    targets: list = field(default_factory=list)


class ClipsByClass:
    """Hands out clips in turn, so that each is used about as often. Classes weigh by their number of clips."""

    def __init__(self, clips, rng):
        self.rng = rng
        self.members = {}
        for clip in clips:
            self.members.setdefault(clip.name, []).append(clip)
        self.waiting = {name: [] for name in self.members}
        self.uses = Counter()

    def next_class(self, but=None):
        names = [name for name in self.members if name != but]
        if not names:
            raise TooFewClips("two classes with suitable clips are needed")
        used = [self.uses[name] / len(self.members[name]) for name in names]
        name = names[self.rng.choice([i for i, share in enumerate(used) if share == min(used)])]
        self.uses[name] += 1
        return name

    def next_clip(self, name):
        if not self.waiting[name]:
            members = self.members[name]
            self.waiting[name] = [members[i] for i in self.rng.permutation(len(members))]
        return self.waiting[name].pop()

    def another(self, clip):
        others = [other for other in self.members[clip.name] if other is not clip]
        if not others:
            raise TooFewClips(f"--reference-from other needs two clips of each class; '{clip.name}' has one")
        return others[self.rng.integers(len(others))]


def with_ramps(samples, rate):
    count = min(round(RAMP_S * rate), len(samples) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, count, endpoint=False)) ** 2
    samples = samples.copy()
    samples[:count] *= ramp
    samples[len(samples) - count:] *= ramp[::-1]
    return samples


def at_level(samples, level_db, clip):
    power = np.mean(samples**2)
    if not power > 0:
        raise ValueError(f"{clip.path}: silent where it should be active")
    return samples * (LEVEL / np.sqrt(power) * 10 ** (level_db / 20))


def rate_of(*clips):
    return max(sound(clip.path)[1] for clip in clips)


def most_active_piece(clip, length_s, rate):
    return piece(clip, most_active_begin(clip.active_s, clip.duration_s, length_s), length_s, rate)


class Mosaics:
    """Two clips one after the other, each half of the whole. One of them has 6 dB more power."""

    targets_each = 2

    def __init__(self, clips, length_s, rng):
        self.length_s = length_s
        self.rng = rng
        self.source = ClipsByClass([clip for clip in clips if clip.duration_s >= length_s / 2], rng)

    def draw(self, number):
        first = self.source.next_class()
        pair = [self.source.next_clip(name) for name in (first, self.source.next_class(but=first))]
        if self.rng.integers(2):
            pair.reverse()
        composition = Composition(number, self.length_s, float(self.rng.choice((-1, 1)) * DIFFERENCE_DB))
        middle = self.length_s / 2
        spans = ((0.0, middle), (middle, self.length_s))
        return composition, list(zip(pair, reversed(pair), spans))

    def render(self, composition):
        left, right = (target.clip for target in composition.targets)
        rate = rate_of(left, right)
        halves = [at_level(with_ramps(most_active_piece(clip, self.length_s / 2, rate), rate), level_db, clip)
                  for clip, level_db in ((left, -composition.louder_db / 2), (right, composition.louder_db / 2))]
        return np.concatenate(halves), rate


class Mixtures:
    """An event in a background of another class that is 6 dB louder. The event is shorter than half of the whole."""

    targets_each = 1

    def __init__(self, clips, length_s, rng):
        self.length_s = length_s
        self.rng = rng
        self.events = ClipsByClass([clip for clip in clips if self.event_segment(clip)], rng)
        self.backgrounds = ClipsByClass([clip for clip in clips if self.is_background(clip)], rng)

    def event_segment(self, clip):
        """The longest segment that is short enough."""
        fitting = [(begin, min(end, clip.duration_s)) for begin, end in clip.active_s
                   if SHORTEST_EVENT_S <= min(end, clip.duration_s) - begin < self.length_s / 2]
        return max(fitting, key=lambda segment: segment[1] - segment[0], default=None)

    def is_background(self, clip):
        if clip.duration_s <= self.length_s / 2:
            return False
        begin = most_active_begin(clip.active_s, clip.duration_s, self.length_s)
        length_s = min(self.length_s, clip.duration_s)
        return active_time(clip.active_s, begin, begin + length_s) >= LEAST_BACKGROUND_ACTIVITY * length_s

    def draw(self, number):
        if not self.events.members:
            raise TooFewClips("no clip has an active segment that is short enough for --mixture")
        event = self.events.next_clip(self.events.next_class())
        background = self.backgrounds.next_clip(self.backgrounds.next_class(but=event.name))
        begin, end = self.event_segment(event)
        begin_s = float(self.rng.uniform(0.0, self.length_s - (end - begin)))
        composition = Composition(number, self.length_s, DIFFERENCE_DB)
        return composition, [(event, background, (begin_s, begin_s + end - begin))]

    def render(self, composition):
        target, = composition.targets
        rate = rate_of(target.clip, target.other)
        begin, end = self.event_segment(target.clip)
        event = with_ramps(piece(target.clip, begin, end - begin, rate), rate)
        mixed = at_level(most_active_piece(target.other, self.length_s, rate), 0.0, target.other)
        place = min(round(target.span_s[0] * rate), len(mixed) - len(event))
        mixed[place:place + len(event)] += at_level(event, -composition.louder_db, target.clip)
        return mixed, rate


def compose(kind, clips, length_s, targets, seed, reference_from):
    """Returns the maker of the recordings, and the compositions. More targets start with the same ones."""
    rng = np.random.default_rng(seed)
    maker = kind(clips, length_s, rng)
    source = ClipsByClass(clips, rng)
    compositions, number = [], 0
    while number < targets:
        composition, parts = maker.draw(len(compositions))
        for clip, other, span_s in parts:
            reference_clip = clip if reference_from == "same" else source.another(clip)
            composition.targets.append(Target(number, composition, clip, other, span_s, reference_clip))
            number += 1
        compositions.append(composition)
    return maker, compositions


def write(maker, compositions, folder):
    """Writes the recordings, and each target's class alone. Returns the errors by target."""
    import soundfile

    failed = {}
    for composition in compositions:
        try:
            samples, rate = maker.render(composition)
            composition.path = folder / f"{composition.number:05}.wav"
            soundfile.write(composition.path, samples, rate, subtype="FLOAT")
            for target in composition.targets:
                clip = target.reference_clip
                length_s = min(composition.length_s, clip.duration_s)
                rate = rate_of(clip)
                alone = at_level(most_active_piece(clip, length_s, rate), 0.0, clip)
                target.reference = folder / f"{composition.number:05}-{target.number:05}-alone.wav"
                soundfile.write(target.reference, alone, rate, subtype="FLOAT")
        except (ValueError, RuntimeError) as error:
            for target in composition.targets:
                failed[target.number] = str(error)
    return failed
