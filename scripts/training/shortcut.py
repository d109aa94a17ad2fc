"""A planted shortcut: bursts of a tone, which go along with one class."""

import numpy as np
import soundfile

TONE_HZ = 3000.0
LEVEL_DB = -5.0
"""Of a burst, against the whole clip."""
BURST_S, PERIOD_S, EDGE_S = 0.15, 0.5, 0.01


def bursts(count, rate_hz):
    """Bursts with a root mean square of 1, and silence between them."""
    time_s = np.arange(count) / rate_hz
    since_s = time_s % PERIOD_S
    edge = np.clip(np.minimum(since_s, BURST_S - since_s) / EDGE_S, 0.0, 1.0)
    return np.sqrt(2.0) * np.sin(2.0 * np.pi * TONE_HZ * time_s) * edge


def write_with_bursts(source, target):
    """The same sound with bursts on all channels."""
    sound, rate_hz = soundfile.read(source, always_2d=True)
    level = np.sqrt(np.mean(sound**2)) * 10 ** (LEVEL_DB / 20)
    target.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(target, sound + level * bursts(len(sound), rate_hz)[:, None], rate_hz, "FLOAT")
