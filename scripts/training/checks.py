"""Measures a saved model and the front ends."""

from pathlib import Path

import numpy as np
import soundfile
from torch.nn.functional import cosine_similarity, interpolate, softmax

import torch

from .clips import load_audio
from .front_ends import EFFICIENTAT, VGGISH, log_mel, silence_floor

GOLDEN_TOLERANCE = 1e-4


def front_end_error(folder):
    """Largest difference from the golden arrays NAME_vggish_logmel.npy and NAME_mn_logmel.npy in FOLDER."""
    largest = 0.0
    for suffix, rate_name, front_end in (("_vggish_logmel", "16k", VGGISH), ("_mn_logmel", "32k", EFFICIENTAT)):
        for path in sorted(Path(folder).glob(f"*{suffix}.npy")):
            golden = np.load(path)
            audio, rate = soundfile.read(path.with_name(path.name.replace(f"{suffix}.npy", f"_{rate_name}.wav")))
            assert rate == front_end["sample_rate_hz"]
            values = log_mel(audio, front_end)
            if golden.ndim == 3:  # windows of time x mel, without an incomplete last one
                values = values.T[: golden.shape[0] * golden.shape[1]].reshape(golden.shape)
            error = float(np.abs(values - golden).max())
            print(f"{path.name}: {error:.2e}")
            largest = max(largest, error)
    return largest


@torch.no_grad()
def accuracy(model, kind, clips, labels):
    """Share of clips with the right class, by the mean of the windows' logits and by that of their probabilities."""
    right = np.zeros(2)
    confusions = []
    for clip in clips:
        values = log_mel(load_audio(clip.path, kind.front_end["sample_rate_hz"]), kind.front_end)
        logits = model(kind.windows(torch.from_numpy(values)[None]).contiguous())[1]
        found = [int(scores.mean(dim=0).argmax()) for scores in (logits, softmax(logits, dim=1))]
        right += [labels[index] == clip.label for index in found]
        if labels[found[0]] != clip.label:
            confusions.append(f"{clip.path.name}: {clip.label} taken for {labels[found[0]]}")
    return right / len(clips), confusions


@torch.no_grad()
def relax_cosine(model, kind, clip, masks=1000, seed=0):
    """Mean and SD of the cosine between the embeddings of a window with and without random 7x7 masks.

    The window is the loudest of the clip. Silence fills what a mask hides.
    """
    values = torch.from_numpy(log_mel(load_audio(clip.path, kind.front_end["sample_rate_hz"]), kind.front_end))
    windows = kind.windows(values[None])
    window = windows[windows.mean(dim=[1, 2, 3]).argmax()][None]
    cells = 7
    cell = [-(-size // cells) for size in window.shape[2:]]
    generator = torch.Generator().manual_seed(seed)
    keep = (torch.rand(masks, 1, cells + 1, cells + 1, generator=generator) < 0.5).float()
    enlarged = interpolate(keep, [(cells + 1) * size for size in cell], mode="bilinear", align_corners=False)
    row, column = (torch.randint(size, (masks,), generator=generator).tolist() for size in cell)
    height, width = window.shape[2:]
    floor = silence_floor(kind.front_end)
    reference = model(window.contiguous())[0]
    cosines = []
    for first in range(0, masks, 50):
        mask = torch.stack(
            [enlarged[i, :, row[i] :, column[i] :][:, :height, :width] for i in range(first, min(masks, first + 50))]
        )
        cosines.append(cosine_similarity(model(floor + mask * (window - floor))[0], reference))
    cosines = torch.cat(cosines)
    return float(cosines.mean()), float(cosines.std())


@torch.no_grad()
def check_behaviour(model, kind):
    """Raises unless batch rows are independent, outputs are finite, and the network takes the promised lengths."""
    length = kind.input["window_frames"]
    floor = silence_floor(kind.front_end)
    for frames in (1, 32, 97, length, 2 * length + 7) if kind.input["variable_length"] else (length,):
        shape = (frames, kind.front_end["bands"]) if kind.time_first else (kind.front_end["bands"], frames)
        batch = torch.randn(5, 1, *shape, generator=torch.Generator().manual_seed(1))
        batch[0], batch[1], batch[2] = 0.0, floor, 10.0 * batch[2].abs()
        for size in (5, 3, 1):
            outputs = model(batch[:size])
            for row in range(size):
                for whole, alone in zip(outputs, model(batch[row : row + 1])):
                    if not torch.isfinite(whole).all():
                        raise ArithmeticError(f"an output for {frames} frames is not finite")
                    error = float((whole[row] - alone[0]).abs().max() / (1.0 + alone.abs().max()))
                    if error > 1e-4:
                        raise ArithmeticError(f"row {row} of {size} depends on the others: {error:.1e}")
