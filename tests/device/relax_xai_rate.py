"""relax-xai on a device, in a process of its own: relax_xai_rate.py MODEL ARRAYS.npz CARD.json DEVICE BATCHES PACKAGES

Prints its masks a second, after a warm-up.
"""

import json
import sys
import time
import types
from pathlib import Path

import numpy as np

import torch

sys.modules.setdefault("torchvision", types.ModuleType("torchvision"))  # relax_xai loads it for ImageNet's pictures only
sys.modules.setdefault("torchvision.transforms", types.ModuleType("torchvision.transforms"))
BATCH = 100


class Encoder(torch.nn.Module):
    def __init__(self, model, place):
        super().__init__()
        self.network, self.place = torch.jit.load(model).eval(), place

    def forward(self, x):
        returned = getattr(self.network, self.place.get("method", "forward"))(x)
        return returned[self.place.get("position", 0)] if isinstance(returned, (tuple, list)) else returned


def main():
    model, arrays, card, device, batches, packages = sys.argv[1:]
    sys.path[:0] = map(str, Path(packages).glob("relax_xai*.whl"))
    from relax_xai.relax import RELAX

    card = json.loads(Path(card).read_text())
    with np.load(arrays) as found:
        window = found["spectrogram"][:, :card["input"]["window_frames"]]
    if card["input"]["axes"].index("time") < card["input"]["axes"].index("frequency"):
        window = window.T
    x = torch.from_numpy(np.ascontiguousarray(window, np.float32)[None, None]).to(device)
    with torch.no_grad():
        encoder = Encoder(model, card["outputs"]["embedding"]).to(device)
        RELAX(x, encoder, batch_size=BATCH, num_batches=1)()
        explainer = RELAX(x, encoder, batch_size=BATCH, num_batches=int(batches))
        begin = time.perf_counter()
        explainer()
        explainer.importance.cpu()  # waits for the device
        print(json.dumps({"masks_per_second": BATCH * int(batches) / (time.perf_counter() - begin)}))


if __name__ == "__main__":
    main()
