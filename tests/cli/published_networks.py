"""The published architectures, evaluated with numpy, on random weights.

Written from the papers' and packages' own descriptions, layer by layer, with batch norms as they are.
"""

import numpy as np


class Weights(dict):
    """Draws each tensor on its first use, and keeps it."""

    def __init__(self, seed=0):
        super().__init__()
        self.random = np.random.default_rng(seed)

    def draw(self, name, shape, scale=None, low=None):
        if name not in self:
            if low is not None:
                values = self.random.uniform(low, low + 1, shape)
            else:
                values = self.random.normal(0, scale or 0.1, shape)
            self[name] = values.astype(np.float32)
        return self[name].astype(float)


def convolve(x, weight, bias=None, stride=1):
    """x [channels, rows, columns], weight [out, in or 1, k, k]; padded by k // 2."""
    k = weight.shape[2]
    padded = np.pad(x, ((0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(1, 2))[:, ::stride, ::stride]
    if weight.shape[1] == x.shape[0]:
        y = np.einsum("crsij,ocij->ors", windows, weight, optimize=True)
    else:
        y = np.einsum("crsij,cij->crs", windows, weight[:, 0], optimize=True)
    return y if bias is None else y + bias[:, None, None]


def batch_norm(w, key, x, epsilon, axis=0):
    size = x.shape[axis]
    shape = [-1 if i == axis else 1 for i in range(x.ndim)]
    gamma, beta, mean = (w.draw(f"{key}.{name}", size, 0.5).reshape(shape) for name in ("weight", "bias", "running_mean"))
    variance = w.draw(f"{key}.running_var", size, low=0.5).reshape(shape)
    w.setdefault(f"{key}.num_batches_tracked", np.array(7, dtype=np.int64))
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def linear(w, key, x, outputs):
    weight = w.draw(f"{key}.weight", (outputs, x.size), x.size**-0.5).reshape(outputs, x.size)
    return weight @ x + w.draw(f"{key}.bias", outputs)


def relu(x):
    return np.maximum(x, 0)


def hard_swish(x):
    return x * np.clip(x / 6 + 0.5, 0, 1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def pool(x, reduce):
    channels, rows, columns = x.shape
    return reduce(x[:, : rows // 2 * 2, : columns // 2 * 2].reshape(channels, rows // 2, 2, columns // 2, 2), axis=(2, 4))


def conv_norm(w, conv, norm, x, outputs, kernel=3, stride=1, depthwise=False, epsilon=1e-5):
    inputs = 1 if depthwise else x.shape[0]
    weight = w.draw(f"{conv}.weight", (outputs, inputs, kernel, kernel), (inputs * kernel * kernel) ** -0.5)
    return batch_norm(w, norm, convolve(x, weight, stride=stride), epsilon)


def aisfx(w, x):
    """x [time, frequency]."""
    x = x[None]
    for block, outputs in enumerate((4, 6, 8, 10), 1):
        key = f"embedding_net.conv_block{block}"
        for layer in (1, 2):
            x = relu(conv_norm(w, f"{key}.conv{layer}", f"{key}.bn{layer}", x, outputs))
        if block < 4:
            x = pool(x, np.max)
    w.draw("fc.0.0.weight", (3, 10))
    return x.mean(axis=2).max(axis=1), None


def panns(blocks, convolutions, kernel):
    def network(w, x):
        x = batch_norm(w, "bn0", x, 1e-5, axis=1)[None]
        for block in range(1, blocks + 1):
            for layer in range(1, convolutions + 1):
                key = f"conv_block{block}"
                x = relu(conv_norm(w, f"{key}.conv{layer}", f"{key}.bn{layer}", x, 2 + block, kernel))
            if block < 6:
                x = pool(x, np.mean)
        x = x.mean(axis=2)
        embedding = relu(linear(w, "fc1", x.max(axis=1) + x.mean(axis=1), 7))
        w.draw("spectrogram_extractor.stft.conv_real.weight", (513, 1, 4))
        w.draw("logmel_extractor.melW", (2, 3))
        return embedding, linear(w, "fc_audioset", embedding, 5)

    return network


BLOCKS = [(3, 0, "relu", 1), (3, 0, "relu", 2), (3, 0, "relu", 1), (5, 1, "relu", 2), (5, 1, "relu", 1), (5, 1, "relu", 1),
          (3, 0, "hs", 2), (3, 0, "hs", 1), (3, 0, "hs", 1), (3, 0, "hs", 1), (3, 1, "hs", 1), (3, 1, "hs", 1),
          (5, 1, "hs", 2), (5, 1, "hs", 1), (5, 1, "hs", 1)]
WIDTH = {1: 4, 2: 6}


def efficientat(w, x):
    def layer(key, x, outputs, activation, **how):
        return activation(conv_norm(w, f"{key}.0", f"{key}.1", x, outputs, epsilon=1e-3, **how))

    def squeeze(key, x):
        fc = relu(linear(w, f"{key}.conc_se_layers.0.fc1", x.mean(axis=(1, 2)), 3))
        return x * sigmoid(linear(w, f"{key}.conc_se_layers.0.fc2", fc, x.shape[0]))[:, None, None]

    x = layer("features.0", x[None], 4, hard_swish, stride=2)
    for index, (kernel, squeezes, activation, stride) in enumerate(BLOCKS, 1):
        activation = relu if activation == "relu" else hard_swish
        outputs = WIDTH.get(stride) if index % 3 else 4
        key, skip, part = f"features.{index}.block", x, 0
        if index > 1:
            x = layer(f"{key}.{part}", x, 8, activation, kernel=1)
            part += 1
        x = layer(f"{key}.{part}", x, x.shape[0], activation, kernel=kernel, stride=stride, depthwise=True)
        part += 1
        if squeezes:
            x = squeeze(f"{key}.{part}", x)
            part += 1
        x = layer(f"{key}.{part}", x, outputs, lambda y: y, kernel=1)
        if stride == 1 and outputs == skip.shape[0]:
            x = x + skip
    x = layer(f"features.{len(BLOCKS) + 1}", x, 12, hard_swish, kernel=1)
    embedding = x.mean(axis=(1, 2))
    return embedding, linear(w, "classifier.5", hard_swish(linear(w, "classifier.2", embedding, 9)), 5)


def vggish(final_relu, post_processing):
    def network(w, x):
        x = x[None]
        for index, outputs, pools in ((0, 3, 1), (3, 4, 1), (6, 5, 0), (8, 5, 1), (11, 6, 0), (13, 512, 1)):
            weight = w.draw(f"features.{index}.weight", (outputs, x.shape[0], 3, 3))
            x = relu(convolve(x, weight, w.draw(f"features.{index}.bias", outputs)))
            if pools:
                x = pool(x, np.max)
        x = x.transpose(1, 2, 0).ravel()
        x = relu(linear(w, "embeddings.0", x, 8))
        x = relu(linear(w, "embeddings.2", x, 8))
        x = linear(w, "embeddings.4", x, 128)
        x = relu(x) if final_relu else x
        vectors = w.draw("pproc.pca_eigen_vectors", (128, 128), 2.0)
        means = w.draw("pproc.pca_means", (128, 1))
        if post_processing:
            x = np.round((np.clip(vectors @ (x - means[:, 0]), -2, 2) + 2) * 255 / 4)
        return x, None

    return network


NETWORKS = {
    "aisfx": aisfx,
    "efficientat-mn": efficientat,
    "panns-cnn6": panns(4, 1, 5),
    "panns-cnn10": panns(4, 2, 3),
    "panns-cnn14": panns(6, 2, 3),
    "vggish": vggish(True, False),
    "vggish-linear": vggish(False, False),
    "vggish-pca": vggish(True, True),
    "vggish-linear-pca": vggish(False, True),
}
TIME_FIRST = {name for name in NETWORKS if name.startswith(("aisfx", "panns", "vggish"))}
