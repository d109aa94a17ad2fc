"""The published packages on the same model and input, each in a process of its own.

    python -m benchmarks.peers PEER MODEL INPUT.npz CARD.json COUNT [OUTPUT.npz]

prints {"count": ..., "seconds": ...} of the timed part, after a warm-up.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

SCRIPTS = Path(__file__).resolve().parents[1]


def measure(peer, model, case, count, output=None):
    """Runs one package in a process of its own, and returns its output."""
    command = [sys.executable, "-m", "benchmarks.peers", peer, model, case.input, case.card, str(count)]
    done = subprocess.run([*map(str, command), *([str(output)] if output else [])], cwd=SCRIPTS, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench: error: {peer} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


class Network:
    """A TorchScript model, called as the packages call an encoder: one tensor in, one out."""

    def __new__(cls, model, card, output):
        import torch

        class Encoder(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.network = torch.jit.load(model).eval()
                self.output = card["outputs"][output]

            def forward(self, x):
                given = getattr(self.network, self.output["method"])(x)
                return given[self.output["position"]] if isinstance(given, (tuple, list)) else given

        return Encoder()


def timed(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def relax(model, x, card, count, output):
    """relax-xai as published: batches of 100 masks of 7 x 7 cells, the cosine of the embeddings."""
    from relax_xai.relax import RELAX

    import torch

    with torch.no_grad():
        encoder = Network(model, card, "embedding")
        RELAX(x, encoder, num_batches=1)()
        explainer = RELAX(x, encoder, num_batches=count // 100)
        seconds = timed(explainer)
    if output:
        np.savez(output, importance=explainer.importance.numpy())
    return {"count": count // 100 * 100, "seconds": seconds}


def captum(model, x, card, count, output):
    """Captum's Occlusion with its default of one window in a forward pass. `count` is window and stride: 16, 8."""
    from captum.attr import Occlusion

    import torch

    side, stride = count
    with torch.no_grad():
        encoder = Network(model, card, "class_scores")
        target = int(encoder(x).argmax())
        occlusion = Occlusion(encoder)
        options = {"sliding_window_shapes": (1, side, side), "strides": (1, stride, stride), "target": target}
        occlusion.attribute(x[..., :4 * side], **options)
        seconds = timed(lambda: occlusion.attribute(x, **options))
    positions = [-(-(n - side) // stride) + 1 for n in x.shape[2:]]
    return {"count": int(np.prod(positions)), "seconds": seconds}


def quantus(model, x, card, count, output):
    """Quantus' PixelFlipping of the whole input, with `count` bins in a step. Counts the steps."""
    import quantus as package

    import torch

    encoder = Network(model, card, "class_scores").eval()
    given = x.numpy()
    attribution = np.random.default_rng(0).random(given.shape)
    with torch.no_grad():
        target = np.array([int(encoder(x).argmax())])
    metric = package.PixelFlipping(features_in_step=count, perturb_baseline="black", disable_warnings=True,
                                   display_progressbar=False)
    seconds = timed(lambda: metric(model=encoder, x_batch=given, y_batch=target, a_batch=attribution, device="cpu",
                                   softmax=True))
    return {"count": -(-given.size // count), "seconds": seconds}


def openvino(model, x, card, count, output):
    """Bare forward passes in OpenVINO's throughput mode, with the fastest of three batch sizes."""
    import openvino as ov

    core = ov.Core()
    best = None
    for batch in (1, 8, 32):
        inputs = np.repeat(x.numpy(), batch, axis=0)
        network = ov.convert_model(Network(model, card, "embedding"), example_input=x.expand(batch, -1, -1, -1))
        network.reshape({network.input(0): list(inputs.shape)})
        compiled = core.compile_model(network, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT",
                                                       "INFERENCE_PRECISION_HINT": "f32"})
        queue = ov.AsyncInferQueue(compiled)

        def work(passes, queue=queue, inputs=inputs):
            for _ in range(passes):
                queue.start_async({0: inputs})
            queue.wait_all()

        work(4)
        passes = max(count // batch, 4)
        seconds = timed(lambda work=work, passes=passes: work(passes))
        found = {"count": passes * batch, "seconds": seconds, "batch": batch}
        if best is None or found["count"] / seconds > best["count"] / best["seconds"]:
            best = found
    return best


def matrix_product(model, x, card, count, output):
    """Floating-point operations a second of products of 2048 x 2048 matrices, on all cores."""
    import torch

    a, b = torch.randn(2048, 2048), torch.randn(2048, 2048)
    torch.mm(a, b)
    return {"count": count * 2 * 2048**3, "seconds": timed(lambda: [torch.mm(a, b) for _ in range(count)])}


PEERS = {peer.__name__: peer for peer in (relax, captum, quantus, openvino, matrix_product)}


def main():
    peer, model, given, card, count, *output = sys.argv[1:]
    import torch

    x = torch.from_numpy(np.load(given)["input"])
    print(json.dumps(PEERS[peer](model, x, json.loads(Path(card).read_text()), json.loads(count), *(output or [None]))))


if __name__ == "__main__":
    main()
