"""The models: network, front end, input, and how spectrograms become the input."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from . import networks
from .front_ends import EFFICIENTAT, VGGISH


@dataclass(frozen=True)
class ModelKind:
    description: str
    network: Callable[[int], torch.nn.Module]
    front_end: dict
    input: dict
    steps: int
    """Training steps by default."""

    @property
    def time_first(self):
        return self.input["axes"][2] == "time"

    def windows(self, spectrograms, time_first=None):
        """Cuts [clips, bands, frames] into [clips * windows, 1, ...] as the card's `input` says."""
        length = self.input["window_frames"]
        if self.input["variable_length"]:
            length = min(length, spectrograms.shape[2])
        count = spectrograms.shape[2] // length
        clips, bands, _ = spectrograms.shape
        cut = spectrograms[:, :, : count * length].reshape(clips, bands, count, length).transpose(1, 2)
        cut = cut.reshape(clips * count, 1, bands, length)
        time_first = self.time_first if time_first is None else time_first
        return cut.transpose(2, 3) if time_first else cut


KINDS = {
    "vggish-small": ModelKind(
        description="A narrow VGG-style network on VGGish's front end: 0.96 s patches, 128-d embedding, ten classes",
        network=networks.VggishSmall,
        front_end=VGGISH,
        input={
            "axes": ["batch", "channel", "time", "frequency"],
            "window_frames": 96,
            "hop_frames": 96,
            "variable_length": False,
        },
        steps=800,
    ),
    "mobilenetv3-small": ModelKind(
        description="MobileNetV3-small (width 0.75) on EfficientAT's front end: 432-d embedding, ten classes",
        network=networks.MobileNetV3Small,
        front_end=EFFICIENTAT,
        input={
            "axes": ["batch", "channel", "frequency", "time"],
            "window_frames": 512,  # a 5 s recording has 500 frames or slightly more: one window
            "hop_frames": 512,
            "variable_length": True,
        },
        steps=1000,
    ),
}
