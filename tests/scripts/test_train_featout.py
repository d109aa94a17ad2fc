"""train-featout: what its report claims, on made-up embeddings."""

import sys
import unittest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from training import linear_arms as arms

CLASSES, SIZE, TONE = 4, 12, 11


def sounds(rng, count, tone_of=None, share=0.0):
    """Embeddings with a weak feature for each class, and a strong one for a tone."""
    labels = np.arange(count) % CLASSES
    inputs = rng.normal(size=(count, SIZE)) + 2.0 * np.eye(SIZE)[labels]
    with_tone = (labels == tone_of) if share == 0 else rng.random(count) < share
    inputs[:, TONE] = 6.0 * with_tone + 0.1 * rng.normal(size=count)
    return inputs, labels, with_tone


def study(shuffled=False, draws=30, seed=1, tone_of=0):
    rng = np.random.default_rng(seed)
    inputs, labels, _ = sounds(rng, 120, tone_of)
    if shuffled:
        labels = rng.permutation(labels)
    without = inputs.copy()
    without[:, TONE] = 0.1 * rng.normal(size=len(inputs))
    nearby = inputs.copy()
    nearby[:, 4:8] += rng.normal(size=(len(inputs), 4))
    copies = {"random": dict(enumerate(nearby)), "featout": dict(enumerate(without))}
    tested, truth, with_tone = sounds(rng, 160, share=0.5)
    test = arms.Test(tested, truth, [f"{i // 2}" for i in range(len(truth))], with_tone)
    return arms.report(arms.run_arms(arms.Training(inputs, labels, copies), test, draws, 5, 1, tone_of), test.groups, 1)


class Claims(unittest.TestCase):
    def test_a_fit_is_where_its_gradient_is_zero(self):
        rng = np.random.default_rng(3)
        inputs, labels, _ = sounds(rng, 40)
        weights = rng.uniform(0.5, 1, 40)
        fitted = arms.fit(inputs, labels, weights, CLASSES, steps=4000)
        mean, deviation = inputs.mean(axis=0), inputs.std(axis=0)
        plain = (inputs - mean) / deviation
        # The scores of the features' axes, less those of the mean, are the weights up to a constant of each.
        basis = np.log(fitted(mean + np.eye(SIZE) * deviation)) - np.log(fitted(mean[None]))
        matrix = basis - basis.mean(axis=1, keepdims=True)
        wrong = weights[:, None] * (fitted(inputs) - np.eye(CLASSES)[labels])
        np.testing.assert_allclose(plain.T @ wrong, -matrix, atol=1e-4)

    def test_a_shortcut_that_copies_lack_is_found(self):
        said = study()
        self.assertIn("accuracy: featout is better than random", said)
        self.assertIn("others with the tone, called the class: featout is better than random", said)

    def test_shuffled_labels_give_no_effect(self):
        for seed in range(3):
            said = study(shuffled=True, seed=seed)
            self.assertIn("accuracy: featout is no better than random", said)
            self.assertNotIn("accuracy: featout is better", said)

    def test_few_draws_are_not_a_result(self):
        said = study(draws=9)
        self.assertIn("not a result: 9 draws", said)
        self.assertNotIn("than random\n", said)
        self.assertNotIn("is better", said)


if __name__ == "__main__":
    unittest.main()
