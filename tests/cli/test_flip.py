"""flip, and explain --evaluate: what they write and say."""

import json
import re
import unittest
from pathlib import Path

import numpy as np

from cli_test_case import CliTestCase, FAILURE, SOME_FAILED, USAGE, quick


class Flip(CliTestCase):
    def result(self, name="noise.wav", **options):
        recording = self.noise_file(name, **options)
        self.explain(recording, "--fill", "silence", masks=200)
        return self.output / f"{Path(name).stem}.json"

    def flip(self, *arguments):
        said = self.assert_succeeds(("flip", *arguments, "-o", self.output, "--quiet", "--threads", "1"))
        return said.splitlines()

    def read(self, stem):
        with np.load(self.output / f"{stem}.flip.npz") as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
        return loaded, json.loads((self.output / f"{stem}.flip.json").read_text(encoding="utf-8"))

    def test_curves_areas_and_the_verdict(self):
        result = self.result()
        said = self.flip(result, "--steps", 10, "--random", 4)
        self.assertTrue(said[0].startswith(f"{self.output}/noise.flip.png: "), said)
        self.assertTrue((self.output / "noise.flip.png").exists())
        arrays, how = self.read("noise")
        self.assertEqual(set(arrays), {"fraction", "morf", "lerf", "amplitude", "random"})
        self.assertEqual(arrays["random"].shape, (4, 11))
        np.testing.assert_allclose(arrays["fraction"], np.arange(11) / 10)
        for name in ("morf", "lerf", "amplitude"):
            heights = (arrays[name][1:] + arrays[name][:-1]) / 2
            self.assertAlmostEqual(how["auc"][name], np.sum(heights * np.diff(arrays["fraction"])))
            self.assertAlmostEqual(arrays[name][0], 1.0, places=6)
        gains = how["gains"]
        self.assertAlmostEqual(gains["morf_lerf_gap"], how["auc"]["lerf"] - how["auc"]["morf"])
        self.assertAlmostEqual(gains["over_random"], how["auc"]["random"] - how["auc"]["morf"])
        self.assertGreater(gains["morf_lerf_gap"], 0)
        self.assertTrue(how["beats_chance"])
        self.assertEqual(said[0].split(": ", 1)[1], how["verdict"])
        self.assertEqual(how["options"]["fill"], "silence")  # the result's own
        self.assertEqual(how["result"]["path"], str(result))

    def test_evaluate_is_explain_and_flip_in_one(self):
        recording = self.noise_file()
        self.assert_succeeds(("explain", recording, "--model", self.model("rectangle"), "-o", self.output, "--quiet",
                              "--evaluate", "--fill", "noise", *quick(masks=200)))
        at_once, how = self.read("noise")
        later = self.folder / "later"
        self.assert_succeeds(("flip", self.output / "noise.json", "-o", later, "--quiet", "--figure", "none",
                              "--threads", "1"))
        with np.load(later / "noise.flip.npz") as arrays:
            for name in arrays.files:
                np.testing.assert_allclose(arrays[name], at_once[name], rtol=0, atol=1e-6)
        self.assertEqual(how["map"], "importance")

    def test_evaluate_with_boxes_compares_with_them_too(self):
        recording = self.noise_file()
        boxes = self.folder / "boxes.csv"
        boxes.write_text("start_s,end_s\n0.04,0.08\n", encoding="utf-8")
        arguments = ("explain", recording, "--model", self.model("rectangle"), "-o", self.output, "--quiet",
                     *quick(masks=100), "--boxes", boxes)
        self.assert_refused(arguments, USAGE, "--boxes", "--evaluate")
        said = self.assert_succeeds((*arguments, "--evaluate")).splitlines()
        verdict = json.loads((self.output / "noise.json").read_text(encoding="utf-8"))["verdict"]
        resolved, _, untested = verdict.rpartition("; ")
        self.assertEqual(untested, "not tested: run relax-spectro flip")
        self.assertRegex(said[0], rf"noise.npz: {re.escape(resolved)}; beats (loudness|chance|neither)")
        self.assertRegex(said[-1], r"localisation.csv: in [01] of 1 recordings the contrast has more of its mass")
        table = (self.output / "localisation.csv").read_text(encoding="utf-8")
        again = self.assert_succeeds(("localise", self.output / "noise.json", "--boxes", boxes, "-q"))
        self.assertEqual(table, again)

    def test_over_several_results_it_sums_up_and_goes_on_past_a_bad_one(self):
        results = [self.result("a.wav"), self.result("b.wav")]
        said = self.flip(*results, "--figure", "none")
        self.assertEqual(len(said), 4)
        self.assertRegex(said[2], r"^beats loudness in [0-2] of 2 recordings; mean gain [-.e0-9]+ \(n = 2\); ")
        beats_chance = sum(self.read(name)[1]["beats_chance"] for name in ("a", "b"))
        self.assertTrue(said[3].startswith(f"beats chance (every random order) in {beats_chance} of 2 "), said[3])
        results[0].write_text("{}", encoding="utf-8")
        done = self.relax("flip", *results, "-o", self.folder / "again", "--quiet", "--figure", "none")
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertIn(str(results[0]), done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_a_pattern_that_finds_tests_too_takes_the_results_alone(self):
        result = self.result()
        self.flip(result, "--figure", "none")
        done = self.relax("flip", *sorted(self.output.glob("*.json")), "-o", self.folder / "again", "--quiet",
                          "--figure", "none")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        done = self.relax("flip", *sorted(self.output.glob("*.json")), "-o", self.output, "--quiet", "--figure", "none",
                          "--overwrite")
        self.assertEqual(done.returncode, 0, done.stderr)  # the rewritten test is not an input
        done = self.relax("flip", self.output / "noise.flip.json", "-o", self.folder / "none")
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("noise.flip.json: no result", done.stderr)

    def test_a_folder_of_results_is_mirrored(self):
        self.result("a.wav")
        night = self.folder / "night"
        self.explain(self.noise_file("night.wav"), output=self.output / "night")
        said = self.flip(self.output, "--figure", "none")
        self.assertEqual([line.split(":")[0] for line in said[:2]],
                         [f"{self.output}/a.flip.npz", f"{self.output}/night/night.flip.npz"])
        done = self.relax("regions", self.output, "-o", night, "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(str(path.relative_to(night)) for path in night.rglob("*.labels.*")),
                         ["a.labels.relax-spectro.txt", "night/night.labels.relax-spectro.txt"])

    def test_protocols(self):
        result = self.result()
        self.flip(result, "--protocol", "rise", "--figure", "none")
        arrays, how = self.read("noise")
        self.assertEqual(set(arrays), {"fraction", "deletion", "insertion"})
        self.assertIsNone(how["gains"])
        self.assertAlmostEqual(arrays["deletion"][0], 1.0, places=6)
        self.assertAlmostEqual(arrays["insertion"][-1], 1.0, places=6)

    def test_refusals(self):
        result = self.result()
        elsewhere = self.folder / "elsewhere"
        for arguments, code, expected in (
                ((result, "--unit", "octaves"), USAGE, ("octaves", "cells, bands, frames, bins")),
                ((result, "--map", "scores_of_mine"), FAILURE, ("noise.npz", "scores_of_mine")),
                ((result, "--protocol", "quantus"), USAGE, ("prob:CLASS",)),
                ((result, "--steps", "0"), USAGE, ("--steps",)),
                ((self.folder / "missing.json",), FAILURE, ("missing.json",)),
                ((self.folder / "noise.wav",), FAILURE, ("noise.wav", ".json of a result"))):
            with self.subTest(arguments):
                done = self.relax("flip", *arguments, "-o", elsewhere)
                self.assertEqual(done.returncode, code, done.stderr)
                for text in expected:
                    self.assertIn(text, done.stderr)
                self.assertFalse(elsewhere.exists())

    def test_a_recording_that_changed_is_said(self):
        result = self.result()
        self.noise_file("noise.wav", duration_s=0.3, encoding="pcm16")
        done = self.relax("flip", result, "-o", self.output, "--figure", "none")
        self.assertIn("SHA-256 differs", done.stderr)


if __name__ == "__main__":
    unittest.main()
