"""Makes another model by noise on the weights."""

import hashlib
import json
import re
import zipfile

import numpy as np

FEWEST_BYTES = 4096  # of weights


def perturb(model, fraction, path):
    """Copies a model and the card beside it, and adds Gaussian noise to its weights.

    The standard deviation of the noise is `fraction` of that of the weights.
    A frozen TorchScript model keeps each tensor as an entry of its archive.
    Small entries stay as they are: they are biases and variances.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draws = np.random.default_rng(1)
    with zipfile.ZipFile(model) as before, zipfile.ZipFile(path, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if re.fullmatch(r"[^/]+/constants/[0-9]+", entry.filename) and len(content) > FEWEST_BYTES:
                weights = np.frombuffer(content, dtype="<f4")
                noise = fraction * weights.std() * draws.standard_normal(len(weights))
                content = (weights + noise).astype("<f4").tobytes()
            after.writestr(entry.filename, content)
    card = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
    card["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
