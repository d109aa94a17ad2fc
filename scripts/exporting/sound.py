"""Reads and writes recordings."""

import struct

import numpy as np

from .ending import Stop, first_line

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
LEVELS = (0.3, 0.001, 0.0)
UNKNOWN_SIZES = (0, 0xFFFFFFFF)  # sizes of data written to a pipe


def read_recording(path):
    """Returns the samples that relax-spectro reads (float32, full scale 1, mean of the channels) and their rate in Hz."""
    found = samples_of_wav(path.read_bytes())
    if found is None:
        try:
            import soundfile
        except ImportError:
            raise Stop(f"{path}: is no wav of 8 to 32 bits or floats; expected one for --front-end, or the Python "
                       "package soundfile, which reads other formats") from None
        try:
            found = soundfile.read(path, dtype="float32", always_2d=True)
        except (RuntimeError, OSError, TypeError) as error:  # the first is its own
            raise Stop(f"{path}: soundfile cannot read it: {first_line(error)}") from None
    samples, rate_hz = found
    return samples.mean(axis=1, dtype=np.float64).astype(np.float32), rate_hz


def samples_of_wav(content):
    """Returns ([frame, channel], rate in Hz) of a wav. None for other files and codings."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return None
    position, layout = 12, None
    while position + 8 <= len(content):
        name, size = content[position:position + 4], struct.unpack_from("<I", content, position + 4)[0]
        position += 8
        if name == b"fmt " and size >= 16:
            layout = struct.unpack_from("<HHIIHH", content, position)
            if layout[0] == EXTENSIBLE and size >= 26:
                layout = (*struct.unpack_from("<H", content, position + 24), *layout[1:])
        if name == b"data":
            data = content[position:] if size in UNKNOWN_SIZES else content[position:position + size]
            return layout and decoded(data, *layout)
        position += size + size % 2
    return None


def decoded(data, coding, channels, rate_hz, _bytes_a_second, bytes_a_frame, bits):
    if channels == 0 or bytes_a_frame != channels * bits // 8:
        return None
    data = data[:len(data) // bytes_a_frame * bytes_a_frame]
    if (coding, bits) in ((FLOAT, 32), (FLOAT, 64)):
        values = np.frombuffer(data, f"<f{bits // 8}")
    elif (coding, bits) == (PCM, 8):
        values = (np.frombuffer(data, np.uint8) - 128.0) / 128
    elif (coding, bits) == (PCM, 24):
        upper = np.zeros((len(data) // 3, 4), np.uint8)
        upper[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        values = upper.view("<i4")[:, 0] / 2.0**31
    elif (coding, bits) in ((PCM, 16), (PCM, 32)):
        values = np.frombuffer(data, f"<i{bits // 8}") / 2.0**(bits - 1)
    else:
        return None
    return values.astype(np.float32).reshape(-1, channels), rate_hz


def write_recording(path, samples, rate_hz):
    """Writes a wav of 32-bit floats, so that nothing is rounded."""
    data = np.asarray(samples, "<f4").tobytes()
    path.write_bytes(struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, FLOAT, 1, rate_hz,
                                 4 * rate_hz, 4, 32, b"data", len(data)) + data)
    return path


def window_samples(card):
    """The samples that give the frames of one window."""
    front_end = card["front_end"]
    hops = (card["input"]["window_frames"] - 1) * front_end["hop_samples"]
    framed = front_end["fft_samples" if front_end.get("window_position", "centre") == "centre" else "window_samples"]
    padded = 0 if front_end.get("padding", "reflect") == "none" else front_end["fft_samples"] // 2 * 2
    return max(1, hops + framed - padded) + (1 if front_end.get("pre_emphasis") else 0)


def loudest(samples, count):
    """The loudest part of that many samples, of those that begin a quarter of it apart."""
    begins = range(0, max(1, len(samples) - count + 1), max(1, count // 4))
    begin = max(begins, key=lambda begin: float(np.sum(samples[begin:begin + count].astype(float)**2)))
    return samples[begin:begin + count]


def example(card, windows):
    """Noise, slightly longer than the windows: loud, soft, silent, and then each in turn."""
    front_end = card["front_end"]
    window = card["input"]["window_frames"] * front_end["hop_samples"]
    count = round(windows * window) + front_end["fft_samples"]
    levels = np.concatenate([np.repeat(LEVELS, window), np.resize(np.repeat(LEVELS, -(-window // 7)), count)])[:count]
    return (np.random.default_rng(0).uniform(-1, 1, count) * levels).astype(np.float32)


def with_last_digit_moved(samples, seed):
    """Samples with the error of rounding in single precision."""
    moved = 1 + 2.0**-22 * np.random.default_rng(seed).standard_normal(len(samples))
    return (samples * moved).astype(np.float32)


def resampled(samples, rate_hz, wanted_hz):
    """Resamples by the spectrum. This is neither relax-spectro's resampler nor the user's."""
    count = max(2, round(len(samples) * wanted_hz / rate_hz))
    return (np.fft.irfft(np.fft.rfft(samples), count) * (count / len(samples))).astype(np.float32)


def softened(samples):
    """Makes the samples half as loud, and an eighth as loud from the middle on."""
    return (samples * np.where(np.arange(len(samples)) < len(samples) // 2, 0.5, 0.125)).astype(np.float32)
