"""The two networks. Both return (embedding, class scores as logits)."""

import torch
from torch import nn


class VggishSmall(nn.Module):
    """A narrow VGGish: 3x3 convolutions, ReLU, max pooling. Input (B,1,96,64), time x mel.

    Unlike VGGish it takes the mean and the maximum over the remaining time, instead of flattening.
    With few clips, the network must recognise a sound anywhere in the patch. The bands stay apart. The
    embedding is linear. After a ReLU, the embeddings of any two inputs would share one large direction,
    and their cosine would say little.
    """

    def __init__(self, classes, width=20, embedding=128):
        super().__init__()
        layers, channels = [], 1
        for block in ((width,), (2 * width,), (4 * width,) * 2, (8 * width,) * 2):
            for out in block:
                layers += [nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU()]
                channels = out
            layers += [nn.MaxPool2d(2)]
        self.features = nn.Sequential(*layers)
        bands = 64 // 16
        self.embed = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(2 * channels * bands, 256), nn.ReLU(), nn.Linear(256, embedding)
        )
        self.classify = nn.Linear(embedding, classes)

    def forward(self, patches: torch.Tensor):
        maps = self.features(patches)
        pooled = torch.cat([maps.mean(dim=2), maps.amax(dim=2)], dim=1).flatten(1)
        embedding = self.embed(pooled)
        return embedding, self.classify(embedding)


def round_channels(channels):
    """Rounds to a multiple of 8 and at most a tenth down, as the MobileNet papers do."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        squeezed = round_channels(channels / 4)
        self.gate = nn.Sequential(
            nn.Conv2d(channels, squeezed, 1), nn.ReLU(), nn.Conv2d(squeezed, channels, 1), nn.Hardsigmoid()
        )

    def forward(self, maps: torch.Tensor):
        return maps * self.gate(maps.mean(dim=[2, 3], keepdim=True))


def conv_norm(inputs, outputs, kernel, stride=1, groups=1, activation=None):
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    layers = [convolution, nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, activation()) if activation else nn.Sequential(*layers)


class InvertedResidual(nn.Module):
    def __init__(self, inputs, kernel, expanded, outputs, squeeze, activation, stride):
        super().__init__()
        self.residual = stride == 1 and inputs == outputs
        layers = [conv_norm(inputs, expanded, 1, activation=activation)] if expanded != inputs else []
        layers += [conv_norm(expanded, expanded, kernel, stride, expanded, activation)]
        layers += [SqueezeExcite(expanded)] if squeeze else []
        layers += [conv_norm(expanded, outputs, 1)]
        self.layers = nn.Sequential(*layers)

    def forward(self, maps: torch.Tensor):
        return maps + self.layers(maps) if self.residual else self.layers(maps)


class MobileNetV3Small(nn.Module):
    """MobileNetV3-small (Howard et al. 2019, table 2). Input (B,1,128,T), mel x time.

    The embedding is the mean of the last feature map over mel and time, standardised by a batch norm. After a
    hard-swish, the means of all inputs share one large direction, and their cosine would say little. One
    linear layer classifies the embedding.
    """

    # kernel, expanded, outputs, squeeze-excite, hard-swish, stride
    BLOCKS = (
        (3, 16, 16, True, False, 2),
        (3, 72, 24, False, False, 2),
        (3, 88, 24, False, False, 1),
        (5, 96, 40, True, True, 2),
        (5, 240, 40, True, True, 1),
        (5, 240, 40, True, True, 1),
        (5, 120, 48, True, True, 1),
        (5, 144, 48, True, True, 1),
        (5, 288, 96, True, True, 2),
        (5, 576, 96, True, True, 1),
        (5, 576, 96, True, True, 1),
    )

    def __init__(self, classes, width=0.75):
        super().__init__()
        channels = round_channels(16 * width)
        layers = [conv_norm(1, channels, 3, 2, activation=nn.Hardswish)]
        for kernel, expanded, outputs, squeeze, hard_swish, stride in self.BLOCKS:
            activation = nn.Hardswish if hard_swish else nn.ReLU
            expanded, outputs = round_channels(expanded * width), round_channels(outputs * width)
            layers += [InvertedResidual(channels, kernel, expanded, outputs, squeeze, activation, stride)]
            channels = outputs
        embedding = round_channels(576 * width)
        layers += [conv_norm(channels, embedding, 1, activation=nn.Hardswish)]
        self.features = nn.Sequential(*layers)
        self.standardise = nn.BatchNorm1d(embedding, eps=1e-3, affine=False)
        self.dropout = nn.Dropout(0.2)
        self.classify = nn.Linear(embedding, classes)

    def forward(self, spectrogram: torch.Tensor):
        embedding = self.standardise(self.features(spectrogram).mean(dim=[2, 3]))
        return embedding, self.classify(self.dropout(embedding))
