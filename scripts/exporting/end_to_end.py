"""Runs from samples to scores: by the user's front end and module, and by relax-spectro with the exported file."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import comparison, network, program, sound
from .ending import WRONG_REQUEST, Different, Stop
from .explanation import explain
from .user_code import call

SEARCHED_S = 10  # of a recording, if the difference shows in this part
ROUND = 1e-4
BY_ITSELF = ("your front end takes each recording's own level, mean or maximum, or it keeps state. relax-spectro cannot do that "
             "of a recording, but of each window: front_end.normalisation.window and front_end.log.range. Expected windows along "
             "the first axis, or numbers that are the same for all recordings")


@dataclass
class Recording:
    """A recording, and the inputs that both pipelines make of it."""

    path: Path
    what: str
    spectrogram: np.ndarray  # [frequency, time], of relax-spectro
    given: np.ndarray | None = None  # of the user's front end, if there is one


def recordings_of(options, card, folder):
    """Returns [(path, what, whether it goes through the front end)].

    The recordings are the user's, an example with silence and noise, and a short one.
    The short one is for networks that take windows of any length.
    """
    rate_hz = card["front_end"]["sample_rate_hz"]
    found = [(options.recording, options.recording.name, True)] if options.recording else []
    if comparison.takes_its_own_level(card):  # of a window: a recording of that length has the same
        found = [(one_window(path, card, folder), f"the loudest window of {what}", True) for path, what, _ in found]
        path = sound.write_recording(folder / "example.wav", sound.example(card, 1)[:sound.window_samples(card)], rate_hz)
    else:
        path = sound.write_recording(folder / "example.wav", sound.example(card, 3.7), rate_hz)
    found.append((path, "an example of noise and silence", not options.recording))
    if card["input"].get("variable_length", False):
        path = sound.write_recording(folder / "shorter.wav", sound.example(card, 1 / 3), rate_hz)
        found.append((path, "a shorter window", True))
    return found


def one_window(path, card, folder):
    """A recording's loudest window, as a file. Another sample rate is left as it is."""
    samples, rate_hz = sound.read_recording(path)
    if rate_hz == card["front_end"]["sample_rate_hz"]:
        samples = sound.loudest(samples, sound.window_samples(card))
    return sound.write_recording(folder / "window.wav", samples, rate_hz)


def make_inputs(front_end, options, card, folder):
    """The inputs of both pipelines for every recording. @throws Different  if they are not the same"""
    made = []
    for path, what, through_front_end in recordings_of(options, card, folder):
        spectrogram = program.spectrogram(path, card, folder)
        frames = card["input"]["window_frames"]
        if spectrogram.shape[1] < frames and not card["input"].get("variable_length", False):
            raise Stop(f"{path}: has {spectrogram.shape[1]} frames, but a window of the model {frames}; give a longer "
                       "--recording", WRONG_REQUEST)
        made.append(Recording(path, what, spectrogram))
        if front_end and through_front_end:
            made[-1].given = FrontEndCheck(front_end, options.front_end, card, folder).compare(path, what)
    return made


class FrontEndCheck:
    """Compares the user's front end with relax-spectro's, for one card."""

    def __init__(self, front_end, name, card, folder):
        self.front_end, self.name, self.card, self.folder = front_end, f"the front end {name}", card, folder

    def given(self, samples, rate_hz):
        return comparison.array_of(call(self.name, self.front_end, samples.copy(), rate_hz), self.name)

    def compare(self, path, what):
        """Returns the user's input of a recording."""
        samples, rate_hz = sound.read_recording(path)
        seen = program.seen(path, samples, rate_hz, self.card, self.folder)
        values = self.given(samples, rate_hz)
        difference = comparison.input_difference(values, seen, self.card)
        if isinstance(difference, str):
            print(f"the input of {what}: {difference}", flush=True)
        else:
            print(f"the input of {what}: largest difference {difference[0]:.2g} of its range", flush=True)
        if not agree(difference):
            raise Different(self.verdict(samples, rate_hz, values))
        if np.ptp(seen.spectrogram) == 0:
            raise Different(f"the input of {what} is the same everywhere, so no difference could show; give another --recording")
        if not self.agrees_at_other_levels(samples, rate_hz, self.card):
            raise Different(f"the inputs of {what} agree, but not where it is made softer: {BY_ITSELF}")
        return values

    def agrees_at_other_levels(self, samples, rate_hz, card):
        """Whether the same holds for the recording at half the level, and softer in its second half."""
        softer = sound.softened(samples)
        path = sound.write_recording(self.folder / "softer.wav", softer, rate_hz)
        seen = program.seen(path, softer, rate_hz, card, self.folder)
        return agree(comparison.input_difference(self.given(softer, rate_hz), seen, card))

    def verdict(self, samples, rate_hz, values):
        """Says why the inputs differ, as far as possible."""
        if not np.all(np.isfinite(values)):
            return ("your front end gives values that are not finite, and relax-spectro never does; expected a floor or an "
                    "offset below the logarithm (front_end.log)")
        if np.ptp(values) == 0:
            return "your front end returns the same value everywhere; expected its spectrogram of the recording"
        if not np.array_equal(values, self.given(samples, rate_hz)):
            return ("your front end gives another input for the same samples the second time: it is random or keeps state; turn "
                    "off its dither or augmentation")
        channels = comparison.with_all_axes(values, self.card["input"]["axes"])
        if "channel" in self.card["input"]["axes"] and channels.ndim == len(self.card["input"]["axes"]):
            several = np.moveaxis(channels, self.card["input"]["axes"].index("channel"), 0)
            if 1 < len(several) == self.card["input"].get("channels", 1) and np.any(several != several[0]):
                return "your front end's channels differ from each other, and relax-spectro gives every channel the same"
        wanted_hz = self.card["front_end"]["sample_rate_hz"]
        if rate_hz != wanted_hz and (text := self.of_resampling(samples, rate_hz, wanted_hz)):
            return text
        return self.of_fields(samples, rate_hz, values)

    def of_resampling(self, samples, rate_hz, wanted_hz):
        """Whether the difference comes from resampling to the model's rate."""
        converted = sound.resampled(samples, rate_hz, wanted_hz)
        path = sound.write_recording(self.folder / "converted.wav", converted, wanted_hz)
        seen = program.seen(path, converted, wanted_hz, self.card, self.folder)
        if not agree(comparison.input_difference(self.given(converted, wanted_hz), seen, self.card)):
            return ""
        ignored = np.array_equal(self.given(samples, rate_hz), self.given(samples, wanted_hz))
        how = "does not resample" if ignored else "resamples in another way"
        return (f"the recording has {rate_hz} samples a second and the card's front_end.sample_rate_hz is {wanted_hz}. At "
                f"{wanted_hz} the inputs agree, so your front end {how}; give a --recording of {wanted_hz} samples a second")

    def of_fields(self, samples, rate_hz, values):
        """Tries other values of the card's fields, on the start of the recording if the difference shows there."""
        path = sound.write_recording(self.folder / "searched.wav", samples[:SEARCHED_S * rate_hz], rate_hz)
        begin = self.given(samples[:SEARCHED_S * rate_hz], rate_hz)
        seen = program.seen(path, samples[:SEARCHED_S * rate_hz], rate_hz, self.card, self.folder)
        if agree(comparison.input_difference(begin, seen, self.card)):
            sound.write_recording(path, samples, rate_hz)
        else:
            samples, values = samples[:SEARCHED_S * rate_hz], begin
        print("export: trying the card's fields", file=sys.stderr, flush=True)
        known = {}

        def spectrogram_of(card):
            key = repr(card["front_end"])
            if key not in known:
                try:
                    known[key] = program.spectrogram(path, card, self.folder)
                except Stop:
                    known[key] = None  # such a card is refused
            return known[key]

        found = explain(values, self.card, spectrogram_of)
        if not found:
            return "the inputs differ, and no field of the card explains it: no other value that was tried comes near"
        seen = program.seen(path, samples, rate_hz, found.card, self.folder)
        explained = agree(comparison.input_difference(values, seen, found.card))
        if explained and not self.agrees_at_other_levels(samples, rate_hz, found.card):
            return (f"the inputs differ; with the card's {' and '.join(found.changes)} they agree for this recording, but not "
                    f"where it is made softer: {BY_ITSELF}")
        return verdict_of(found, explained)


def agree(difference):
    return not isinstance(difference, str) and difference[1] <= 1


def verdict_of(found, explained):
    """The sentence that names the field."""
    changes = " and ".join(found.changes)
    if explained:
        text = f"the inputs differ; with the card's {changes} they agree"
    elif np.isinf(found.before):
        text = (f"the inputs differ; with the card's {changes} their shapes agree, and they differ by {found.after:.2g} of their "
                "standard deviation")
    else:
        text = (f"the inputs differ by {found.before:.2g} of their standard deviation; the card's {changes} explains most of it "
                f"and leaves {found.after:.2g}")
    return text + "".join(f". The same: {other}" for other in found.alike[:2])


def windows_given(recording, card, begins):
    """The windows of the user's front end, in the layout that the module takes."""
    axes, window = card["input"]["axes"], min(card["input"]["window_frames"], recording.spectrogram.shape[1])
    values = comparison.with_all_axes(recording.given, axes)
    if len(values) > 1:
        return [values[i:i + 1] for i in range(min(len(values), len(begins)))]
    time = axes.index("time")
    return [np.take(values, range(begin, begin + window), axis=time) for begin in begins
            if begin + window <= values.shape[time]]


def windows_made(recording, card, begins=(0,)):
    """The windows of relax-spectro's input, in the same layout."""
    window = min(card["input"]["window_frames"], recording.spectrogram.shape[1])
    return [comparison.as_given(comparison.network_window(recording.spectrogram[:, begin:begin + window], card),
                                card["input"]["axes"], card["input"].get("channels", 1))
            for begin in begins]


def compare_outputs(module, file, card, recordings, folder):
    """Sends the windows of every recording through both pipelines. @throws Different

    @returns the number of compared windows, and the number that relax-spectro makes of these recordings
    """
    through_front_end = any(recording.given is not None for recording in recordings)
    everything = {name: [] for name in card["outputs"]}
    compared = made = 0
    for recording in recordings:
        ours, begins = program.outputs(recording.path, file, card, folder)
        require_same(network.run(module, windows_made(recording, card, begins), card["outputs"]), ours, 0, recording.what,
                     "the module and the exported file differ on the same input")
        if recording.given is not None:
            given = windows_given(recording, card, begins)
            theirs = network.run(module, given, card["outputs"])
            require_same(theirs, ours, how_far_outputs_move(recording, file, card, folder), recording.what + ", from samples on",
                         "the outputs differ although the inputs agree: the module enlarges differences of rounding")
        if recording.given is not None or not through_front_end:
            made += len(begins)
            compared += len(begins if recording.given is None else given)
        for name, rows in everything.items():
            rows.append(ours[name])
    for name, rows in everything.items():
        if not comparison.depends_on_input(np.concatenate(rows)):
            raise Different(f"{name} is the same for all windows, so no difference could show; give a --recording that the model "
                            "answers to")
    if "class_scores" in everything:
        require_activation(np.concatenate(everything["class_scores"]), card["outputs"]["class_scores"])
    return compared, made


def how_far_outputs_move(recording, file, card, folder):
    """How much the outputs change if the samples are rounded."""
    samples, rate_hz = sound.read_recording(recording.path)
    found = [program.outputs(sound.write_recording(folder / "moved.wav", values, rate_hz), file, card, folder)[0]
             for values in (samples, sound.with_last_digit_moved(samples, 0))]
    return {name: float(np.abs(found[0][name] - found[1][name]).max()) for name in card["outputs"]}


def require_same(theirs, ours, moved, what, verdict):
    for name, rows in theirs.items():
        given = ours[name][:len(rows)]
        if given.shape != rows.shape:
            raise Different(f"{name} has {given.shape[1]} numbers a window in relax-spectro, and {rows.shape[1]} in Python")
        largest, excess = comparison.output_difference(given, rows, moved[name] if moved else 0.0)
        print(f"{name} of {what}: largest difference {largest:.2g} of its range, {len(rows)} windows", flush=True)
        if not excess <= 1:
            raise Different(f"{verdict} ({name}, by {largest:.2g} of its range)")


def require_activation(rows, place):
    """Checks the card's activation, as far as the numbers show it."""
    activation = place.get("activation", "none")
    inside = rows.min() >= -ROUND and rows.max() <= 1 + ROUND
    if activation == "none" and not inside:
        raise Different(f"the class scores go from {rows.min():.3g} to {rows.max():.3g}, and the card's "
                        "outputs.class_scores.activation says that they are probabilities (none); expected softmax or sigmoid")
    if activation != "none" and inside and rows.shape[1] > 1 and np.allclose(rows.sum(axis=1), 1, atol=ROUND):
        raise Different(f"the class scores of every window sum to 1, so they are probabilities already, and the card's "
                        f"outputs.class_scores.activation is {activation}; expected none")
