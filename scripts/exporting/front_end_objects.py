"""Writes the card's front_end from an object of torchaudio, librosa or transformers, and calls such an object.

An object is known by the module and name of its class, so none of these libraries is imported here.
"""

import functools
import inspect

import numpy as np

from .ending import WRONG_REQUEST, Stop
from .network import import_torch

SPECTRA = {1.0: "magnitude", 2.0: "power"}


def refuse(field, what):
    raise Stop(f"--front-end: {what}, which the card's front_end.{field} cannot say; expected what models/CARD.md lists; put "
               "steps after the mel bands into forward()", WRONG_REQUEST)


def known(field, table, value, what):
    if value not in table:
        refuse(field, f"{what} is {value!r}")
    return table[value]


def name_of(part):
    """Its class as library.Name; of a function, the function itself."""
    if isinstance(part, functools.partial):
        part = part.func
    kind = part if inspect.isfunction(part) else type(part)
    return f"{kind.__module__.split('.')[0]}.{kind.__name__}"


def arguments_of(part, *functions):
    """The arguments of a function, with the defaults of this one and of those that it passes the rest to."""
    given = dict(part.keywords) if isinstance(part, functools.partial) else {}
    function = part.func if isinstance(part, functools.partial) else part
    found = {}
    for one in (function, *functions):
        found.update({name: parameter.default for name, parameter in inspect.signature(one).parameters.items()
                      if parameter.default is not inspect.Parameter.empty and name not in found})
    return {**found, **given}


def torchaudio_mel(part):
    spectrum, mel = part.spectrogram, part.mel_scale
    if spectrum.pad != 0:
        refuse("padding", f"pad is {spectrum.pad}")
    window = spectrum.window.detach().cpu().numpy().astype(float)
    shapes = {"hann_periodic": len(window), "hann_symmetric": len(window) - 1}
    shape = next((name for name, period in shapes.items()
                  if np.allclose(window, 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(len(window)) / period), atol=1e-6)), None)
    if shape is None:
        refuse("window", "the window is no Hann window")
    kind = known("spectrum", SPECTRA, spectrum.power, "power")
    norms = {False: 1.0, "window": np.sum(window**2), True: np.sum(window**2), "frame_length": float(spectrum.n_fft)}
    energy = known("log.multiplier", norms, spectrum.normalized, "normalized")
    return {"sample_rate_hz": int(mel.sample_rate), "window": shape, "window_samples": spectrum.win_length,
            "fft_samples": spectrum.n_fft, "hop_samples": spectrum.hop_length, "window_position": "centre",
            "padding": padding_of(spectrum.center, spectrum.pad_mode), "spectrum": kind, "mel_scale": mel.mel_scale,
            "triangle_domain": "hertz", "band_norm": known("band_norm", {None: "none", "slaney": "slaney"}, mel.norm, "norm"),
            "bands": mel.n_mels, "low_hz": float(mel.f_min), "high_hz": float(mel.f_max),
            "log": {"base": "none", "multiplier": float(energy**-0.5 if kind == "magnitude" else 1 / energy)}}


def padding_of(center, mode):
    return known("padding", {"reflect": "reflect", "constant": "zero"}, mode, "pad_mode") if center else "none"


def decibels(front_end, scale, smallest, reference, top_db):
    """Adds decibels below a reference to a front end without a logarithm."""
    log = front_end["log"]
    if log["base"] != "none":
        refuse("log", "a second logarithm")
    front_end["log"] = {**log, "base": "10", "scale": scale, "floor": float(smallest)}
    if top_db is not None:
        front_end["log"]["range"] = float(top_db)
    if reference is np.max:
        front_end["normalisation"] = {"window": "largest"}
    elif callable(reference):
        refuse("normalisation.window", f"ref is {getattr(reference, '__name__', reference)}")
    elif abs(reference) != 1.0:
        front_end["normalisation"] = {"subtract": float(scale * np.log10(max(smallest, abs(reference))))}
    return front_end


def torchaudio_decibels(part, front_end):
    return decibels(front_end, float(part.multiplier), part.amin, part.ref_value, part.top_db)


def librosa_mel(part):
    import librosa

    given = arguments_of(part, librosa.filters.mel)
    if given["window"] != "hann":
        refuse("window", f"window is {given['window']!r}")
    return {"sample_rate_hz": int(given["sr"]), "window": "hann_periodic",
            "window_samples": given["win_length"] or given["n_fft"],
            "fft_samples": given["n_fft"], "hop_samples": given["hop_length"], "window_position": "centre",
            "padding": padding_of(given["center"], given["pad_mode"]), "spectrum": known("spectrum", SPECTRA, given["power"],
                                                                                         "power"),
            "mel_scale": "htk" if given["htk"] else "slaney", "triangle_domain": "hertz",
            "band_norm": known("band_norm", {None: "none", "slaney": "slaney"}, given["norm"], "norm"),
            "bands": given["n_mels"], "low_hz": float(given["fmin"]), "high_hz": float(given["fmax"] or given["sr"] / 2),
            "log": {"base": "none"}}


def librosa_power(part, front_end):
    given = arguments_of(part)
    return decibels(front_end, 10.0, given["amin"], given["ref"], given["top_db"])


def librosa_amplitude(part, front_end):
    given = arguments_of(part)
    return decibels(front_end, 20.0, given["amin"], given["ref"], given["top_db"])


def require_no_dither(part):
    if part.dither != 0:
        refuse("log", f"dither is {part.dither}")


def whisper(part):
    require_no_dither(part)
    return {"sample_rate_hz": part.sampling_rate, "window": "hann_periodic", "window_samples": part.n_fft,
            "fft_samples": part.n_fft, "hop_samples": part.hop_length, "window_position": "centre", "padding": "reflect",
            "spectrum": "power", "mel_scale": "slaney", "triangle_domain": "hertz", "band_norm": "slaney",
            "bands": part.feature_size, "low_hz": 0.0, "high_hz": 8000.0,
            "log": {"base": "10", "floor": 1e-10, "range": 8.0}, "normalisation": {"subtract": -4.0, "divide": 4.0}}


def clap(part):
    if part.truncation != "rand_trunc":
        refuse("bands", f"truncation is {part.truncation!r} (several spectrograms of a long recording)")
    if part.padding != "pad":
        refuse("padding", f"padding is {part.padding!r} (a short recording is repeated)")
    return {"sample_rate_hz": part.sampling_rate, "window": "hann_periodic", "window_samples": part.fft_window_size,
            "fft_samples": part.fft_window_size, "hop_samples": part.hop_length, "window_position": "centre",
            "padding": "reflect", "spectrum": "power", "mel_scale": "slaney", "triangle_domain": "hertz", "band_norm": "slaney",
            "bands": part.feature_size, "low_hz": float(part.frequency_min), "high_hz": float(part.frequency_max),
            "log": {"base": "10", "scale": 10.0, "floor": 1e-10}}


def without_dc(_part):
    refuse("pre_emphasis", "each frame loses its mean and is pre-emphasised alone")


def waveform(_part):
    refuse("bands", "it gives the waveform, no spectrogram")


def of_transformers(extractor):
    """A feature extractor as a function."""
    if name_of(extractor) == "transformers.ClapFeatureExtractor":  # called, it takes a part of a long recording by chance
        return lambda samples, _rate_hz: extractor._np_extract_fbank_features(samples, extractor.mel_filters_slaney)
    return lambda samples, rate_hz: extractor(samples, sampling_rate=rate_hz, return_tensors="np")["input_features"]


BEGINNINGS = {"torchaudio.MelSpectrogram": torchaudio_mel, "librosa.melspectrogram": librosa_mel,
              "transformers.WhisperFeatureExtractor": whisper, "transformers.ClapFeatureExtractor": clap,
              "transformers.ASTFeatureExtractor": without_dc, "transformers.Speech2TextFeatureExtractor": without_dc,
              "transformers.SeamlessM4TFeatureExtractor": without_dc, "transformers.Wav2Vec2FeatureExtractor": waveform}
LOGARITHMS = {"torchaudio.AmplitudeToDB": torchaudio_decibels, "librosa.power_to_db": librosa_power,
              "librosa.amplitude_to_db": librosa_amplitude}


def parts_of(found):
    """The steps of a front end: a list, a torch.nn.Sequential, or one object."""
    if isinstance(found, (list, tuple)) or name_of(found) == "torch.Sequential":
        return list(found)
    return [found]


def is_known(found):
    """Whether a front end begins with an object of a library, not with a function of the user."""
    parts = parts_of(found)
    return bool(parts) and name_of(parts[0]) in BEGINNINGS


def card_of(found):
    """The card's front_end. @throws Stop  the card cannot say what a step does"""
    first, *rest = parts_of(found)
    front_end = BEGINNINGS[name_of(first)](first)
    for part in rest:
        if name_of(part) not in LOGARITHMS:
            raise Stop(f"--front-end: {name_of(part)} is a step that is not known; expected {', '.join(LOGARITHMS)}; or write "
                       "the card, and a function of (samples, sample_rate_hz)", WRONG_REQUEST)
        front_end = LOGARITHMS[name_of(part)](part, front_end)
    return front_end


def as_function(found):
    """The front end as a function of (samples, sample_rate_hz)."""
    parts = parts_of(found)
    library = name_of(parts[0]).split(".")[0]
    if library == "transformers":
        return of_transformers(parts[0])

    def run(samples, _rate_hz):
        values = import_torch().from_numpy(samples) if library == "torchaudio" else samples
        for number, part in enumerate(parts):
            values = part(y=values) if library == "librosa" and number == 0 else part(values)
        return values

    return run
