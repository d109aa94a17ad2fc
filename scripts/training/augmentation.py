"""Training examples: mixtures of clips, shifted, filtered, made louder or softer, and masked."""

import numpy as np
from torch.nn.functional import interpolate

import torch

from .clips import FRAMES
from .front_ends import EFFICIENTAT, band_edges_mel, log_compress, silence_floor

GRID_BANDS = 128
"""Number of bands of the grid of masks and filters: equal on the mel scale, from 0 to 15 kHz."""


def grid_rows(front_end):
    """Returns the row of the grid at the centre of each band."""
    centres, grid_centres = band_edges_mel(front_end)[1:-1], band_edges_mel(EFFICIENTAT)[1:-1]
    return np.abs(centres[:, None] - grid_centres[None, :]).argmin(axis=1)


def smooth_curve_db(rng):
    """A random filter: gain in dB along the grid's bands."""
    points = rng.normal(0.0, rng.uniform(0.0, 6.0), 6)
    return np.interp(np.linspace(0.0, 5.0, GRID_BANDS), np.arange(6), points)


def grid_mask(rng):
    """A mask as RELAX draws it: a random binary grid, enlarged bilinearly and shifted. 1 keeps."""
    bands, steps = int(rng.integers(4, 10)), int(rng.choice([7, 14, 35]))
    keep = (rng.random((bands + 1, steps + 1)) < rng.uniform(0.3, 0.8)).astype(np.float32)
    cell = (-(-GRID_BANDS // bands), -(-FRAMES // steps))
    size = ((bands + 1) * cell[0], (steps + 1) * cell[1])
    mask = interpolate(torch.from_numpy(keep)[None, None], size, mode="bilinear", align_corners=False)[0, 0].numpy()
    row, column = rng.integers(cell[0]), rng.integers(cell[1])
    return mask[row : row + GRID_BANDS, column : column + FRAMES]


def stripe_mask(rng):
    """A mask of a few stripes over time and over frequency. It is 0 inside them."""
    mask = np.ones((GRID_BANDS, FRAMES), dtype=np.float32)
    for _ in range(rng.integers(0, 3)):
        row = rng.integers(GRID_BANDS)
        mask[row : row + rng.integers(5, 30)] = 0.0
    for _ in range(rng.integers(0, 4)):
        column = rng.integers(FRAMES)
        mask[:, column : column + rng.integers(5, 60)] = 0.0
    return mask


class ExampleSource:
    """Draws examples from a SpectrumBank: the same sound for the student and for the teacher."""

    def __init__(self, bank, rng):
        self.bank = bank
        self.rng = rng
        self.views = [
            (bank.student, bank.front_end, grid_rows(bank.front_end)),
            (bank.teacher, EFFICIENTAT, np.arange(GRID_BANDS)),
        ]

    def parts(self):
        """Returns (index in the bank, gain, shift in frames) of the sounds of an example, and its class weights."""
        rng, bank = self.rng, self.bank
        classes = rng.permutation(len(bank.members))[:2]
        indices = [int(rng.choice(bank.members[label])) for label in classes]
        weights = np.zeros(len(bank.members), dtype=np.float32)
        overall_db = rng.uniform(-15.0, 10.0)
        parts = [(indices[0], 10 ** (overall_db / 10), rng.integers(FRAMES))]
        reference = parts[0][1] * bank.level[indices[0]]
        if rng.random() < 0.5:
            # The class weights of a mixture follow the amplitudes (Tokozume et al. 2018).
            ratio_db = rng.uniform(0.0, 20.0)
            gain = reference / bank.level[indices[1]] * 10 ** (-ratio_db / 10)
            parts.append((indices[1], gain, rng.integers(FRAMES)))
            amplitude = 10 ** (-ratio_db / 20)
            weights[classes] = [1.0 / (1.0 + amplitude), amplitude / (1.0 + amplitude)]
        else:
            weights[classes[0]] = 1.0
        if rng.random() < 0.4:
            noise = int(rng.choice(bank.synthetic))
            gain = reference / bank.level[noise] * 10 ** (-rng.uniform(5.0, 50.0) / 10)
            parts.append((noise, gain, rng.integers(FRAMES)))
        return parts, weights

    def example(self):
        """The student's and the teacher's log-mel spectrum [bands, frames], and the class weights."""
        rng = self.rng
        parts, weights = self.parts()
        filter_gain = 10 ** (smooth_curve_db(rng) / 10) if rng.random() < 0.7 else np.ones(GRID_BANDS)
        kind = rng.random()
        mask = grid_mask(rng) if kind < 0.4 else stripe_mask(rng) if kind < 0.7 else None
        fill_with_mean = rng.random() < 0.2
        spectrograms = []
        for spectra, front_end, rows in self.views:
            power = sum(gain * np.roll(spectra[index], shift, axis=1) for index, gain, shift in parts)
            power = power * filter_gain[rows, None]
            values = log_compress(np.sqrt(power) if front_end["spectrum"] == "magnitude" else power, front_end)
            if mask is not None:
                fill = values.mean() if fill_with_mean else silence_floor(front_end)
                values = fill + mask[rows] * (values - fill)
            spectrograms.append(values.astype(np.float32))
        return *spectrograms, weights

    def batch(self, size):
        """Tensors [size, bands, frames] for the student and the teacher, and [size, classes]."""
        return tuple(torch.from_numpy(np.stack(items)) for items in zip(*(self.example() for _ in range(size))))
