"""Training: cross-entropy on the ten classes, with distillation of a teacher's embedding."""

import copy
import math
import sys
import time

from torch.nn.functional import cross_entropy, mse_loss

import torch
from torch import nn

BATCH = 32
PEAK_RATE = 2e-3
DISTILLATION = 1.0
"""Weight of the distillation relative to the cross-entropy."""
EMA_DECAY = 0.995


class Teacher:
    """A pretrained TorchScript network that returns (logits, embedding) for EfficientAT's front end.

    Its embedding is standardised. Otherwise a few dimensions would dominate the distance.
    """

    def __init__(self, path, kind, source):
        module = torch.jit.load(path, map_location="cpu").eval()
        self.module = torch.jit.optimize_for_inference(torch.jit.freeze(module))
        self.mean, self.scale = torch.zeros(()), torch.ones(())
        examples = torch.cat([self(kind.windows(source.batch(BATCH)[1], time_first=False)) for _ in range(10)])
        self.mean, self.scale = examples.mean(dim=0), examples.std(dim=0) + 0.1 * examples.std()
        self.size = examples.shape[1]

    @torch.no_grad()
    def __call__(self, windows):
        return (self.module(windows.contiguous())[1] - self.mean) / self.scale


def learning_rate(step, steps):
    """The learning rate: it rises for a twentieth of the steps, then falls along a half cosine."""
    warm = max(1, steps // 20)
    if step < warm:
        return PEAK_RATE * (step + 1) / warm
    return PEAK_RATE * (0.5 + 0.5 * math.cos(math.pi * (step - warm) / (steps - warm)))


def update_average(average, network, step):
    """Updates the running average of weights and batch norm statistics."""
    decay = min(EMA_DECAY, (1 + step) / (10 + step))
    for target, value in zip(average.state_dict().values(), network.state_dict().values()):
        if target.is_floating_point():
            target.lerp_(value, 1.0 - decay)


def crop_around_loudest(student, teacher, rng):
    """The same random part of both, at least 1 s long. A network for any length must see short inputs."""
    frames = student.shape[2]
    length = int(rng.integers(100, frames))
    loudest = teacher.sum(dim=1).argmax(dim=1)
    starts = (loudest - torch.from_numpy(rng.integers(0, length, len(loudest)))).clamp(0, frames - length)
    columns = starts[:, None, None] + torch.arange(length)
    return (x.gather(2, columns.expand(-1, x.shape[1], -1)) for x in (student, teacher))


def fit(kind, classes, source, teacher, steps, bf16, rng):
    """Returns the trained network in eval mode: the running average of the weights after the last step."""
    network = kind.network(classes).to(memory_format=torch.channels_last)
    average = copy.deepcopy(network).eval()
    with torch.no_grad():
        embedding_size = average(kind.windows(source.batch(1)[0]))[0].shape[1]
    imitate = nn.Linear(embedding_size, teacher.size) if teacher else nn.Identity()
    parameters = [*network.parameters(), *imitate.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=PEAK_RATE, weight_decay=0.02)
    began = time.monotonic()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, steps)
        student_input, teacher_input, weights = source.batch(BATCH)
        if kind.input["variable_length"] and rng.random() < 0.25:
            student_input, teacher_input = crop_around_loudest(student_input, teacher_input, rng)
        network.train()
        windows = kind.windows(student_input).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            embedding, logits = network(windows)
        # Note [Silent windows]: The loss uses the mean over a clip's windows. So a window between two barks
        # does not have to know the class.
        logits = logits.float().reshape(BATCH, -1, classes).mean(dim=1)
        class_loss = cross_entropy(logits, weights, label_smoothing=0.05)
        loss = class_loss
        if teacher:
            target = teacher(kind.windows(teacher_input, time_first=False))
            teacher_loss = mse_loss(imitate(embedding.float()), target)
            loss = class_loss + DISTILLATION * teacher_loss
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 5.0)
        optimiser.step()
        update_average(average, network, step)
        if (step + 1) % 50 == 0:
            distance = f", distillation {teacher_loss:.3f}" if teacher else ""
            elapsed = time.monotonic() - began
            print(f"step {step + 1}/{steps}: classes {class_loss:.3f}{distance}, {elapsed:.0f} s", file=sys.stderr)
    return average.eval()
