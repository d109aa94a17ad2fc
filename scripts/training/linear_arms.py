"""Training arms with a linear classifier on frozen embeddings: draws of few clips, and their report."""

from dataclasses import dataclass

import numpy as np

FEWEST_DRAWS = 10
MOST_P = 0.01
RESAMPLES = 9999


def probabilities(scores):
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def fit(inputs, labels, weights, classes, penalty=1.0, steps=400):
    """Multinomial logistic regression with a ridge penalty. Returns a function from inputs to probabilities.

    Features are standardised. The accelerated gradient works in the span of the inputs, which has all of the solution.
    """
    mean, deviation = inputs.mean(axis=0), inputs.std(axis=0) + 1e-12
    _, size, turn = np.linalg.svd((inputs - mean) / deviation, full_matrices=False)
    turn = turn[size > 1e-9 * size[0]]
    features = np.hstack([(inputs - mean) / deviation @ turn.T, np.ones((len(inputs), 1))])
    wanted = np.eye(classes)[labels]
    ridge = np.append(np.full(len(turn), penalty), 1e-3)[:, None]  # next to none on the bias
    step = 1 / (0.5 * np.linalg.norm(features * np.sqrt(weights)[:, None], 2) ** 2 + penalty)
    matrix = before = np.zeros((features.shape[1], classes))
    for i in range(steps):
        ahead = matrix + i / (i + 3) * (matrix - before)
        wrong = weights[:, None] * (probabilities(features @ ahead) - wanted)
        before, matrix = matrix, ahead - step * (features.T @ wrong + ridge * ahead)
    return lambda others: probabilities((others - mean) / deviation @ turn.T @ matrix[:-1] + matrix[-1])


@dataclass
class Test:
    """Recordings that no arm has seen."""

    inputs: np.ndarray
    labels: np.ndarray
    groups: list
    with_tone: np.ndarray


@dataclass
class Training:
    """Clips to draw from. `copies[arm][i]` is the embedding of clip i's copy, or None."""

    inputs: np.ndarray
    labels: np.ndarray
    copies: dict


def draw_clips(labels, per_class, seed, draw):
    """The same clips for all arms."""
    rng = np.random.default_rng([seed, draw])
    return np.concatenate([rng.permutation(np.flatnonzero(labels == label))[:per_class] for label in np.unique(labels)])


def trained(training, arm, drawn, classes):
    """A classifier of the drawn clips and of an arm's copies of them. Each clip weighs 1, with or without a copy."""
    made = training.copies.get(arm, {})
    copied = [i for i in drawn if made.get(int(i)) is not None]
    inputs = np.concatenate([training.inputs[drawn], *(made[int(i)][None] for i in copied)])
    shared = np.isin(drawn, copied)
    weights = np.concatenate([np.where(shared, 0.5, 1.0), np.full(len(copied), 0.5)])
    return fit(inputs, training.labels[np.concatenate([drawn, np.array(copied, int)])], weights, classes)


def measures(test, predicted, shortcut):
    """For each measure, its value for each recording; NaN where it does not apply."""
    called = predicted.argmax(axis=1)
    right = (called == test.labels).astype(float)
    loss = -np.log(np.maximum(predicted[np.arange(len(called)), test.labels], 1e-12))
    found = {"accuracy": right, "log loss": loss}
    if shortcut is not None:
        own = test.labels == shortcut
        found["recall of the class without its tone"] = np.where(own & ~test.with_tone, right, np.nan)
        found["others with the tone, called the class"] = np.where(~own & test.with_tone, called == shortcut, np.nan)
    return found


def run_arms(training, test, draws, per_class, seed, shortcut=None):
    """Values of each arm and measure: [draw, recording]."""
    classes = int(max(training.labels.max(), test.labels.max())) + 1
    values = {}
    for draw in range(draws):
        drawn = draw_clips(training.labels, per_class, seed, draw)
        for arm in ("none", *training.copies):
            predicted = trained(training, arm, drawn, classes)(test.inputs)
            for measure, row in measures(test, predicted, shortcut).items():
                values.setdefault((measure, arm), []).append(row)
    return {key: np.stack(rows) for key, rows in values.items()}


@dataclass
class Difference:
    mean: float
    error: float  # standard error over draws
    interval: tuple  # of 95 %, over groups of test recordings
    p: float  # over draws

    def is_shown(self, claims):
        """With as many other claims (Bonferroni)."""
        return self.p * claims <= MOST_P and self.interval[0] * self.interval[1] > 0


def difference(arm, other, groups, seed):
    """What an arm adds to another. Draws share recordings, so that it must also hold over groups of recordings."""
    each = arm - other
    used = ~np.isnan(each[0])
    by_draw, by_recording = each[:, used].mean(axis=1), each[:, used].mean(axis=0)
    rng = np.random.default_rng(seed)
    signs = rng.choice((-1.0, 1.0), size=(RESAMPLES, len(by_draw)))
    beyond = np.abs(signs @ by_draw) >= abs(by_draw.sum()) - 1e-12
    _, index = np.unique(np.asarray(groups)[used], return_inverse=True)
    sums, counts = np.bincount(index, by_recording), np.bincount(index)
    chosen = rng.integers(len(sums), size=(RESAMPLES, len(sums)))
    means = sums[chosen].sum(axis=1) / counts[chosen].sum(axis=1)
    error = by_draw.std(ddof=1) / np.sqrt(len(by_draw)) if len(by_draw) > 1 else float("nan")
    return Difference(float(by_draw.mean()), float(error), tuple(np.quantile(means, (0.025, 0.975))),
                      float((1 + beyond.sum()) / (1 + RESAMPLES)))


# What may be claimed. Log loss falls with any copies, even of shuffled labels: they only make a classifier less sure.
GOOD = {"accuracy": 1, "recall of the class without its tone": 1, "others with the tone, called the class": -1}


def verdict(measure, found, claims):
    """Whether the maps are worth more than random places."""
    if not found.is_shown(claims):
        return f"{measure}: featout is no better than random"
    word = "better" if GOOD[measure] * found.mean > 0 else "WORSE"
    return f"{measure}: featout is {word} than random"


def report(values, groups, seed):
    """Lines of Markdown: a table for each measure, and what can be claimed."""
    draws = len(next(iter(values.values())))
    lines, shown = [], {}
    for measure in dict.fromkeys(measure for measure, _ in values):
        scale = 1 if measure == "log loss" else 100
        arms = [arm for name, arm in values if name == measure]
        lines += ["", f"| {measure} | mean | minus none | p | minus random | p |", "|---|---|---|---|---|---|"]
        for arm in arms:
            cells = [arm, f"{scale * np.nanmean(values[measure, arm]):.3g}"]
            for other in ("none", "random"):
                if arm in ("none", other) or (measure, other) not in values:
                    cells += ["", ""]
                    continue
                found = difference(values[measure, arm], values[measure, other], groups, seed)
                low, high = found.interval
                cells += [f"{scale * found.mean:+.2f} ± {scale * found.error:.2f} ({scale * low:+.2f} to {scale * high:+.2f})",
                          f"{found.p:.4f}"]
                if (arm, other) == ("featout", "random") and measure in GOOD:
                    shown[measure] = found
            lines.append("| " + " | ".join(cells) + " |")
    claims = [verdict(measure, found, len(shown)) for measure, found in shown.items()]
    if draws < FEWEST_DRAWS:
        claims = [f"not a result: {draws} draws; expected {FEWEST_DRAWS} or more"]
    return "\n".join([*lines, "", *claims])
