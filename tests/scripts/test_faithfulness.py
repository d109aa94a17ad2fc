"""The statistics, measures and choice of pieces of scripts/faithfulness/mosaic_test.py.

    python3 tests/scripts/test_faithfulness.py
"""

import json
import sys
import tempfile
import types
import unittest
from pathlib import Path

import numpy as np

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from faithfulness import clips, compositions, measure_faithfulness, measure_false_alarms, relevance, report, statistics


class StatisticsTest(unittest.TestCase):
    def test_bootstrap_interval_is_that_of_the_normal_approximation(self):
        values = np.random.default_rng(1).normal(0.7, 0.2, 400)
        low, high = statistics.bootstrap_interval(values, range(400), seed=1)
        half = 1.96 * values.std() / 20
        self.assertAlmostEqual(low, values.mean() - half, delta=0.1 * half)
        self.assertAlmostEqual(high, values.mean() + half, delta=0.1 * half)

    def test_bootstrap_interval_is_the_same_for_the_same_seed(self):
        values = [0.1, 0.5, 0.4, 0.9, 0.2]
        self.assertEqual(statistics.bootstrap_interval(values, range(5), seed=7),
                         statistics.bootstrap_interval(values, range(5), seed=7))
        self.assertIsNotNone(statistics.bootstrap_interval(values, range(5), seed=7))

    def test_fewer_than_five_recordings_have_no_interval(self):
        # Eight targets, but of four mosaics.
        self.assertIsNone(statistics.bootstrap_interval(np.arange(8), [0, 0, 1, 1, 2, 2, 3, 3], seed=1))
        self.assertIsNone(statistics.wilson_interval(2, 4))
        self.assertEqual(report.with_interval(0.5, None), "0.500")

    def test_the_sign_test_of_many_differences(self):
        self.assertEqual(statistics.sign_test(np.full(100, 0.1)), 2.0**-99)

    def test_bootstrap_draws_whole_groups(self):
        # Two values of a group that always add up to one, so their mean does not vary.
        left = np.random.default_rng(1).uniform(size=50)
        values = np.concatenate((left, 1 - left))
        low, high = statistics.bootstrap_interval(values, [*range(50), *range(50)], seed=1)
        self.assertAlmostEqual(low, 0.5)
        self.assertAlmostEqual(high, 0.5)

    def test_wilson_interval_against_published_values(self):
        # Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for hits, count, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
                                       (1, 29, 0.0061, 0.1718)):
            found = statistics.wilson_interval(hits, count)
            self.assertAlmostEqual(found[0], low, places=4)
            self.assertAlmostEqual(found[1], high, places=4)

    def test_sign_test_is_exact(self):
        self.assertAlmostEqual(statistics.sign_test([1] * 9 + [-1]), 22 / 1024)
        self.assertAlmostEqual(statistics.sign_test([-1] * 9 + [1] + [0] * 5), 22 / 1024)
        self.assertEqual(statistics.sign_test([1, -1]), 1.0)
        self.assertEqual(statistics.sign_test([0, 0]), 1.0)


class FalseAlarms(unittest.TestCase):
    def test_the_largest_t_is_that_of_the_bands(self):
        differences = np.random.default_rng(1).normal(0.3, 1, (30, 7))
        t = differences.mean(axis=0) / (differences.std(axis=0, ddof=1) / np.sqrt(30))
        self.assertAlmostEqual(measure_false_alarms.by_chance(differences)[0], np.abs(t).max())

    def test_noise_of_each_recording_is_chance_and_noise_in_common_is_not(self):
        draws = np.random.default_rng(1)
        p = [measure_false_alarms.by_chance(draws.normal(size=(30, 7)))[2] for _ in range(100)]
        self.assertLessEqual(sum(value <= 0.05 for value in p), 11)  # more: one time in 100
        self.assertAlmostEqual(np.mean(p), 0.5, delta=0.1)
        common = draws.normal(size=7) + 0.1 * draws.normal(size=(30, 7))
        self.assertLess(measure_false_alarms.by_chance(common)[2], 0.001)


class RecordingsWithoutBoxes(unittest.TestCase):
    def test_they_are_left_out_and_the_others_are_measured(self):
        gains = {"gains": {"over_amplitude": 1.0, "over_random": 2.0, "morf_lerf_gap": 3.0}, "beats_loudness": True,
                 "beats_chance": True}

        def run(stage, *_, some_may_fail=False):
            self.assertEqual(some_may_fail, stage == "localise")
            if stage == "localise":
                (folder / "localised.csv").write_text(f"file,auc\n{folder}/a.json,0.5\n")
            for name in ("a", "b"):
                (folder / f"{name}{'.flip' if stage == 'flip' else ''}.json").write_text(json.dumps(gains))

        measure_faithfulness.tool = types.SimpleNamespace(run=run)
        options = types.SimpleNamespace(masks="16", model="m", explain_options=[], flip_fill=None)
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            found = measure_faithfulness.measure(["a.wav", "b.wav"], "boxes.csv", "random", "zero", options, folder)
        self.assertEqual(list(found), ["a"])
        self.assertEqual((found["a"]["auc"], found["a"]["gap"]), (0.5, 3.0))


class PiecesTest(unittest.TestCase):
    def test_a_lone_event_lies_in_the_middle_of_its_piece(self):
        self.assertAlmostEqual(clips.most_active_begin(((2.25, 2.55),), 5.0, 2.5), 1.15, places=2)

    def test_the_piece_with_most_activity_is_taken(self):
        begin = clips.most_active_begin(((0.0, 0.3), (3.0, 3.4), (3.6, 4.0)), 5.0, 1.0)
        self.assertTrue(2.99 <= begin <= 3.01)

    def test_an_active_clip_gives_its_middle(self):
        self.assertAlmostEqual(clips.most_active_begin(((0.0, 5.0),), 5.0, 2.5), 1.25, places=2)

    def test_a_clip_without_segments_is_active(self):
        self.assertEqual(clips.segments(None, 3.0), ((0.0, 3.0),))
        self.assertEqual(clips.segments("0.15-0.51;0.93-1.26", 3.0), ((0.15, 0.51), (0.93, 1.26)))

    def test_numbers_of_classes_are_dropped(self):
        self.assertEqual(clips.class_name("001 - Dog bark"), "Dog bark")
        self.assertEqual(clips.class_name("night - frogs"), "night - frogs")

    def test_resampling_keeps_a_tone(self):
        tone = np.sin(2 * np.pi * 100 * np.arange(8000) / 8000)
        expected = np.sin(2 * np.pi * 100 * np.arange(16000) / 16000)
        np.testing.assert_allclose(clips.resampled(tone, 8000, 16000), expected, atol=1e-9)


class CompositionTest(unittest.TestCase):
    def setUp(self):
        self.clips = [clips.Clip(Path(f"{name}{i}.wav"), name, ((1.0, 1.4),), 5.0)
                      for name in ("dog", "rain", "saw", "cock") for i in range(5)]

    def composed(self, targets, seed=1):
        return compositions.compose(compositions.Mosaics, self.clips, 5.0, targets, seed, "other")[1]

    def test_mosaics_hold_two_classes_and_use_all_evenly(self):
        targets = [target for composition in self.composed(40) for target in composition.targets]
        self.assertTrue(all(target.clip.name != target.other.name for target in targets))
        counts = [sum(target.clip.name == name for target in targets) for name in ("dog", "rain", "saw", "cock")]
        self.assertEqual(sum(counts), 40)
        self.assertLessEqual(max(counts) - min(counts), 1)

    def test_clips_are_used_equally_often_whatever_their_class(self):
        some = [clip for clip in self.clips if clip.name != "saw" and clip.path.name != "cock0.wav"]
        source = compositions.ClipsByClass(some, np.random.default_rng(1))
        handed = [source.next_clip(source.next_class()).path for _ in range(3 * len(some))]
        self.assertEqual({handed.count(clip.path) for clip in some}, {3})

    def test_references_are_other_clips_of_the_class(self):
        for composition in self.composed(40):
            for target in composition.targets:
                self.assertEqual(target.reference_clip.name, target.clip.name)
                self.assertIsNot(target.reference_clip, target.clip)

    def test_more_targets_begin_with_the_same(self):
        def drawn(targets, seed=1):
            return [(target.clip, target.other, composition.louder_db)
                    for composition in self.composed(targets, seed) for target in composition.targets]
        self.assertEqual(drawn(40)[:10], drawn(10))
        self.assertNotEqual(drawn(10, seed=2), drawn(10))


class RelevanceTest(unittest.TestCase):
    TIME_S = np.array([0.5, 1.5, 2.5, 3.5])

    def test_only_what_is_positive_counts(self):
        values = np.array([[-5.0, 1.0, np.nan, 3.0], [np.nan, 0.0, 1.0, -1.0]])
        mass, pointing = relevance.mass_and_pointing(values, self.TIME_S, (2.0, 4.0))
        self.assertAlmostEqual(mass, 4 / 5)
        self.assertTrue(pointing)
        self.assertFalse(relevance.mass_and_pointing(values, self.TIME_S, (0.0, 2.0))[1])

    def test_a_map_that_is_nowhere_positive_has_none(self):
        with self.assertRaises(relevance.NoRelevance):
            relevance.mass_and_pointing(-np.ones((2, 4)), self.TIME_S, (0.0, 2.0))

    def test_loudness_is_half_right_over_both_halves(self):
        loudness = relevance.loudness(np.random.default_rng(1).normal(size=(3, 4)))
        halves = [relevance.mass_and_pointing(loudness, self.TIME_S, span) for span in ((0.0, 2.0), (2.0, 4.0))]
        self.assertAlmostEqual(halves[0][0] + halves[1][0], 1.0)
        self.assertEqual(halves[0][1] + halves[1][1], 1)


if __name__ == "__main__":
    unittest.main()
