"""The two front ends, from a recording to a log-mel spectrogram.

A front end is a dictionary in the terms of models/CARD.md. It goes into the card unchanged, so the card
says what the network was trained on. Only the terms that these two use are implemented here.
"""

import numpy as np

VGGISH = {
    "sample_rate_hz": 16000,
    "pre_emphasis": 0.0,
    "window": "hann_periodic",
    "window_samples": 400,
    "fft_samples": 512,
    "hop_samples": 160,
    "window_position": "start",
    "padding": "none",
    "spectrum": "magnitude",
    "mel_scale": "htk",
    "triangle_domain": "mel",
    "band_norm": "none",
    "bands": 64,
    "low_hz": 125.0,
    "high_hz": 7500.0,
    "log": {"base": "e", "scale": 1.0, "multiplier": 1.0, "floor": 0.0, "offset": 0.01},
    "normalisation": {"subtract": 0.0, "divide": 1.0},
}

EFFICIENTAT = {
    "sample_rate_hz": 32000,
    "pre_emphasis": 0.97,
    "window": "hann_symmetric",
    "window_samples": 800,
    "fft_samples": 1024,
    "hop_samples": 320,
    "window_position": "centre",
    "padding": "reflect",
    "spectrum": "power",
    "mel_scale": "htk",
    "triangle_domain": "mel",
    "band_norm": "none",
    "bands": 128,
    "low_hz": 0.0,
    "high_hz": 15000.0,
    "log": {"base": "e", "scale": 1.0, "multiplier": 1.0, "floor": 0.0, "offset": 1e-5},
    "normalisation": {"subtract": -4.5, "divide": 5.0},
}


def hertz_to_mel(hertz):
    return 1127.0 * np.log1p(np.asarray(hertz, dtype=np.float64) / 700.0)


def band_edges_mel(front_end):
    """Edges in mel. Elements b, b + 1 and b + 2 are the lower edge, centre and upper edge of band b."""
    low, high = hertz_to_mel(front_end["low_hz"]), hertz_to_mel(front_end["high_hz"])
    return np.linspace(low, high, front_end["bands"] + 2)


def mel_matrix(front_end):
    """Returns triangles [bands, bins] of height 1 with straight edges over mel."""
    fft_samples = front_end["fft_samples"]
    bins = hertz_to_mel(np.arange(fft_samples // 2 + 1) * front_end["sample_rate_hz"] / fft_samples)
    edges = band_edges_mel(front_end)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling))


def window(front_end):
    """The window, with zeros to the length of the FFT."""
    length, fft_samples = front_end["window_samples"], front_end["fft_samples"]
    period = length if front_end["window"] == "hann_periodic" else length - 1
    hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(length) / period)
    spare = fft_samples - length
    before = spare // 2 if front_end["window_position"] == "centre" else 0
    return np.pad(hann, (before, spare - before))


def mel_spectrum(audio, front_end):
    """Returns [bands, frames] before the logarithm. `audio` is mono at the front end's sample rate."""
    audio = np.asarray(audio, dtype=np.float64)
    if front_end["pre_emphasis"]:
        audio = audio[1:] - front_end["pre_emphasis"] * audio[:-1]
    fft_samples, hop = front_end["fft_samples"], front_end["hop_samples"]
    if front_end["padding"] == "reflect":
        audio = np.pad(audio, fft_samples // 2, mode="reflect")
        frames = 1 + (len(audio) - fft_samples) // hop
    else:
        # Only the window must lie inside the recording. The zeros after it need no samples.
        frames = 1 + (len(audio) - front_end["window_samples"]) // hop
        audio = np.pad(audio, (0, fft_samples - front_end["window_samples"]))
    framed = np.lib.stride_tricks.sliding_window_view(audio, fft_samples)[::hop][:frames]
    spectrum = np.abs(np.fft.rfft(framed * window(front_end)))
    if front_end["spectrum"] == "power":
        spectrum = spectrum**2
    return mel_matrix(front_end) @ spectrum.T


def log_compress(mel, front_end):
    """The logarithm and the normalisation of a mel spectrum."""
    normalisation = front_end["normalisation"]
    values = np.log(mel + front_end["log"]["offset"])
    return ((values - normalisation["subtract"]) / normalisation["divide"]).astype(np.float32)


def log_mel(audio, front_end):
    """Returns the input of the network, [bands, frames] float32."""
    return log_compress(mel_spectrum(audio, front_end), front_end)


def silence_floor(front_end):
    """The value of digital silence."""
    return float(log_compress(np.zeros(1), front_end)[0])
