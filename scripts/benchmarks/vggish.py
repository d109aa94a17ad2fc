"""A network of VGGish's exact architecture (Hershey et al., ICASSP 2017) with random weights, only for speed."""

import json
from pathlib import Path

import torch
from torch import nn

MODELS = Path(__file__).resolve().parents[2] / "models"
# Channels of 3x3 convolutions with ReLU. None is a 2x2 maximum.
LAYERS = (64, None, 128, None, 256, 256, None, 512, 512, None)


class VGGish(nn.Module):
    """[batch, 1, 96 frames, 64 bands] to the 128-d embedding."""

    def __init__(self):
        super().__init__()
        layers, channels = [], 1
        for layer in LAYERS:
            if layer is None:
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(channels, layer, 3, padding=1), nn.ReLU()]
                channels = layer
        self.features = nn.Sequential(*layers)
        self.embeddings = nn.Sequential(nn.Linear(512 * 6 * 4, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(),
                                        nn.Linear(4096, 128))

    def forward(self, x):
        return self.embeddings(torch.flatten(self.features(x).permute(0, 2, 3, 1), 1))


def write(path):
    """Writes the network and its card unless they exist."""
    if path.exists():
        return
    torch.manual_seed(0)
    network = VGGish().eval()
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
            nn.init.zeros_(module.bias)
    card = json.loads((MODELS / "vggish-small.json").read_text())
    for key in ("sha256", "labels", "source"):
        card.pop(key)
    card.update(name="vggish-random", description="VGGish's architecture, random weights",
                outputs={"embedding": {"method": "forward", "position": 0}})
    path.with_suffix(".json").write_text(json.dumps(card, indent=2))
    torch.jit.script(network).save(path)
