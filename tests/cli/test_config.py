"""Repeating a run: explain --config, and presets."""

import json
import shutil
import unittest

from cli_test_case import CliTestCase, FAILURE, ONE_WINDOW_S, USAGE, noise, quick, write_wav


class Again(CliTestCase):
    def arrays(self, *arguments, name="noise"):
        """The bytes of a run's arrays."""
        self.assert_succeeds(("explain", *arguments, "-o", self.output, "--overwrite", "-q"))
        return (self.output / f"{name}.npz").read_bytes()

    def test_a_result_repeats_its_run_to_the_byte(self):
        self.forks = False  # addresses differ from run to run
        recording = self.noise_file(duration_s=2 * ONE_WINDOW_S)
        masks = self.folder / "masks.npz"
        self.assert_succeeds(("masks", "--shape", "16x20", "--grid", "3x4", "--masks", "64", "-o",
                              masks))
        other = self.noise_file("other.wav", duration_s=ONE_WINDOW_S, )
        for options in (("--seed", "3", "--tolerance", "0.4", "--grid", "500Hzx50ms"),
                        ("--masks", "130", "--grid", "adaptive", "--score", "top"),
                        ("--masks", "96", "--family", "rise", "--score", "l2", "--hop", "0.1"),
                        ("--masks", "48", "--family", "time", "--score", "top", "--uncertainty", "unnormalised"),
                        ("--masks", "48", "--family", "frequency", "--score", "prob:low", "--design", "sobol"),
                        ("--masks", "48", "--family", "time-frequency", "--score", "dot", "--keep", "0.37"),
                        ("--masks-file", masks, "--fill", "constant:-1.5", "--repeat", "4"),
                        ("--masks", "64", "--seed", "7", "--seed-by", "run", "--fill", "noise"),
                        ("--family", "window", "--window", "4x4,8x8", "--stride", "2x2,4x4"),
                        ("--family", "window", "--window", "4x4,8x8", "--score", "logit:high"),
                        ("--masks", "64", "--reference", other, "--workers", "1"),
                        ("--preset", "relax-package", "--masks", "40", "--grid", "4x4"),
                        ("--preset", "relax-paper", "--masks", "40", "--edges", "hard"),
                        ("--preset", "rise", "--masks", "40")):
            with self.subTest(options=options):
                first = self.arrays(recording, "--model", self.model("tuple"), *options,
                                    "--threads", "1", "--figure", "none")
                again = self.arrays("--config", self.output / "noise.json", "--figure", "none")
                self.assertEqual(again, first)

    def test_what_is_typed_counts_more_than_the_result_that_is_repeated(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.arrays(recording, "--model", self.model("convolution"), *quick(64), "--seed", "3")
        self.arrays("--config", self.output / "noise.json", "--seed", "4", "--figure", "none")
        masks = json.loads((self.output / "noise.json").read_text())["options"]["masks"]
        self.assertEqual(masks["seed"], 4)
        self.assertEqual(masks["count"], 64)

    def test_another_recording_has_masks_of_its_own(self):
        options = ("--model", self.model("convolution"), *quick(64), "--seed", "3")
        other = write_wav(self.folder / "other.wav", noise(ONE_WINDOW_S, seed=9))
        expected = self.arrays(other, *options, name="other")
        self.arrays(self.noise_file(duration_s=ONE_WINDOW_S), *options)
        self.assertEqual(self.arrays("--config", self.output / "noise.json", other, "--figure", "none", name="other"),
                         expected)

    def test_a_recording_that_has_changed_is_said(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.arrays(recording, "--model", self.model("convolution"), *quick(64))
        write_wav(recording, noise(ONE_WINDOW_S, seed=9))
        done = self.relax("explain", "--config", self.output / "noise.json", "-o", self.output,
                          "--overwrite", "--figure", "none")
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"warning: {recording}: is not the file", done.stderr)

    def test_a_reference_masks_or_a_card_that_changed_are_said(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        other = self.noise_file("other.wav", duration_s=ONE_WINDOW_S)
        masks, model = self.folder / "masks.npz", self.folder / "net.pt"
        shutil.copy(self.model("tuple"), model)
        card = json.loads(self.model("tuple").with_suffix(".json").read_text(encoding="utf-8"))
        model.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
        draw = ("masks", "--shape", "16x20", "--grid", "3x4", "-o", masks, "--overwrite", "--masks")
        self.assert_succeeds((*draw, "64"))
        self.arrays(recording, "--model", model, "--masks-file", masks, "--reference", other, "--figure", "none")
        self.assert_succeeds((*draw, "32"))
        write_wav(other, noise(ONE_WINDOW_S, seed=9))
        model.with_suffix(".json").write_text(json.dumps({**card, "labels": ["a", "b"]}), encoding="utf-8")
        result = self.output / "noise.json"
        again = self.relax("explain", "--config", result, "-o", self.folder / "again", "--figure", "none")
        flip = self.relax("flip", result, "-o", self.folder / "again", "--figure", "none")
        for done, files in ((again, (other, masks)), (flip, (other,))):
            self.assertEqual(done.returncode, 0, done.stderr)
            for file in files:
                self.assertIn(f"warning: {file}: is not the file that {result} was made from", done.stderr)
            self.assertIn(f"warning: {model}: its card is not the one that {result} was made with", done.stderr)
        # The score of a class does not use another recording's embedding.
        done = self.relax("explain", "--config", result, "--score", "top", "-o", self.folder / "top", "--figure", "none")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_presets_are_the_published_settings(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        expected = {
            "relax-package": {"family": "random", "count": 3000, "estimator": "mask-sum",
                              "uncertainty": "unnormalised", "score": "cosine"},
            "relax-paper": {"family": "random", "count": 8000, "estimator": "expected",
                            "uncertainty": "variance", "score": "cosine"},
            "rise": {"family": "rise", "count": 8000, "estimator": "expected",
                     "uncertainty": "variance", "score": "prob:top"}}
        for preset, settings in expected.items():
            with self.subTest(preset=preset):
                self.arrays(recording, "--model", self.model("tuple"), "--preset", preset,
                            "--figure", "none")
                result = json.loads((self.output / "noise.json").read_text())
                options = result["options"]
                for field, value in settings.items():
                    where = options["masks"] if field in ("family", "count") else options
                    self.assertEqual(where[field], value)
                self.assertEqual(options["masks"]["design"], "independent")
                self.assertEqual(result["method"]["grid"], {"frequency": 7, "time": 7})
                self.assertEqual(options["masks"]["keep_probability"], 0.5)
                self.assertEqual(options["fill"], "zero")

    def test_no_such_preset_and_no_such_result(self):
        recording = self.noise_file()
        self.assert_refused(("explain", recording, "--preset", "gradcam"), USAGE, "gradcam",
                            "relax-package, relax-paper, rise")
        self.assert_refused(("explain", recording, "--preset", "rise", "--config", "a.json"), USAGE,
                            "--config", "--preset")
        self.assert_refused(("explain", "--config", self.folder / "none.json"), FAILURE,
                            self.folder / "none.json")


if __name__ == "__main__":
    unittest.main()
