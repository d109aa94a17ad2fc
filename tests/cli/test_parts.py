"""relax-spectro explain --mask-range and merge, --config, --preset: the same run, made otherwise."""

import json
import unittest

import numpy as np

from cli_test_case import (CliTestCase, FAILURE, FRAMES, HOP, ONE_WINDOW_S, RATE_HZ, USAGE, noise,
                           quick, write_wav)


class Parts(CliTestCase):
    MASKS = 200
    network = "convolution"

    def setUp(self):
        super().setUp()
        self.recording = write_wav(self.folder / "long.wav",
                                   noise(ONE_WINDOW_S + 2 * FRAMES * HOP / RATE_HZ))
        self.parts = self.folder / "parts"

    def explain_part(self, begin, end, *options, output=None, masks=MASKS):
        """Evaluates a part of the masks; gives the name of its JSON."""
        output = output or self.parts
        name = output / f"long.part-{begin}-{end}.json"
        self.assert_succeeds(
            ("explain", self.recording, "--model", self.model(self.network), "-o", output, "-q",
             *quick(masks), "--batch-size", "8", "--mask-range", f"{begin}:{end}", *options),
            stdout=f"{name}\n")
        return name

    def merge(self, *parts):
        self.assert_succeeds(("merge", *parts, "-o", self.output, "--figure", "none", "-q"),
                             stdout=f"{self.output / 'long.npz'}\n")
        return (self.output / "long.npz").read_bytes(), self.result(self.output)

    @staticmethod
    def result(folder):
        return json.loads((folder / "long.json").read_text())

    def one_run(self, *options):
        folder = self.folder / "whole"
        self.assert_succeeds(
            ("explain", self.recording, "--model", self.model(self.network), "-o", folder, "-q",
             *quick(self.MASKS), "--batch-size", "8", *options))
        return (folder / "long.npz").read_bytes(), self.result(folder)

    def test_parts_join_in_any_order_and_number_into_the_bytes_of_one_run(self):
        for options in ((), ("--design", "sobol"), ("--estimator", "mask-sum"),
                        ("--family", "time-frequency", "--fill", "noise", "--score", "l2"),
                        ("--repeat", "5", "--repeat-threshold", "otsu"),
                        ("--keep", "0.3", "--edges", "hard", "--uncertainty", "unnormalised")):
            with self.subTest(options=options):
                whole, whole_json = self.one_run(*options, "--overwrite")
                parts = [self.explain_part(begin, end, *options, "--overwrite")
                         for begin, end in ((104, 200), (0, 96), (96, 104))]
                merged, merged_json = self.merge(*parts, "--overwrite")
                self.assertEqual(merged, whole)
                for json_of in (whole_json, merged_json):
                    for field in ("command_line", "seconds", "engine"):
                        del json_of[field]
                self.assertEqual(merged_json, whole_json)

    def test_parts_tell_of_classes_and_of_silence_as_one_run_does(self):
        self.network = "tuple"
        write_wav(self.recording, np.append(noise(0.2), np.zeros(RATE_HZ // 4)))
        _, whole = self.one_run("--score", "top")
        parts = [self.explain_part(begin, end, "--score", "top") for begin, end in ((0, 104), (104, 200))]
        _, merged = self.merge(*parts)
        self.assertEqual(merged["windows"], whole["windows"])
        self.assertEqual(merged["warnings"], whole["warnings"])
        self.assertGreater(whole["windows"][-1]["silent_frames"], 0)
        self.assertEqual(len(whole["windows"][0]["heard"]), 2)
        self.assertTrue(any(warning.startswith("digital silence fills") for warning in whole["warnings"]))

    def test_sweeps_and_fresh_masks_join_too(self):
        for options, masks in ((("--family", "window", "--window", "4x4"), 63),
                               (("--estimator", "expected", "--design", "independent"), 400)):
            with self.subTest(options=options):
                whole, _ = self.one_run(*options, "--overwrite")
                parts = [self.explain_part(begin, end, *options, "--overwrite")
                         for begin, end in ((0, 32), (32, masks))]
                merged, _ = self.merge(*parts, "--overwrite")
                self.assertEqual(merged, whole)

    def test_parts_that_do_not_belong_together_are_refused_by_name(self):
        first = self.explain_part(0, 96)
        second = self.explain_part(96, 200)
        other = {"options.masks.seed": ("--seed", "1"), "options.fill": ("--fill", "silence"),
                 "options.uncertainty": ("--uncertainty", "unnormalised")}
        for field, options in other.items():
            with self.subTest(field=field):
                folder = self.folder / field
                stranger = self.explain_part(96, 200, *options, output=folder)
                self.assert_refused(("merge", first, stranger, "-o", self.output), USAGE,
                                    stranger, first, field)
        more = self.explain_part(96, 200, output=self.folder / "more", masks=400)
        self.assert_refused(("merge", first, more, "-o", self.output), USAGE, more,
                            "options.masks.count is 400, there 200")
        self.assert_refused(("merge", first, "-o", self.output), USAGE, "long",
                            "masks 96:200 are missing")
        self.assert_refused(("merge", second, "-o", self.output), USAGE, "masks 0:96 are missing")
        twice = self.explain_part(88, 200)
        self.assert_refused(("merge", first, twice, "-o", self.output), USAGE,
                            "masks 88:96 are there twice")

    def test_damaged_parts_and_other_files_are_refused(self):
        part = self.explain_part(0, 200)
        self.assert_refused(("merge", self.recording, "-o", self.output), USAGE,
                            "NAME.part-BEGIN-END.json")
        whole = part.read_text()
        for field in ("tool_version", "runtime", "mask_range"):
            part.write_text(json.dumps({name: value for name, value in json.loads(whole).items()
                                        if name != field}))
            self.assert_refused(("merge", part, "-o", self.output), FAILURE, part, f"{field} is missing")
        part.write_text(whole.replace('"batch_size": 8', '"batch_size": "8;4"'))
        self.assert_refused(("merge", part, "-o", self.output), FAILURE, part, "options.batch_size",
                            "8;4")
        part.write_text(whole)
        arrays = part.with_suffix(".npz")
        arrays.write_bytes(arrays.read_bytes()[:200])
        self.assert_refused(("merge", part, "-o", self.output), FAILURE, arrays)
        arrays.unlink()
        self.assert_refused(("merge", part, "-o", self.output), FAILURE, arrays)
        part.write_text(part.read_text().replace("relax-spectro part", "relax-spectro result"))
        self.assert_refused(("merge", part, "-o", self.output), FAILURE, part, "relax-spectro part",
                            "--mask-range")

    def test_ranges_that_are_no_part_are_refused(self):
        command = ("explain", self.recording, "--model", self.model(self.network), "-o",
                   self.output, "--batch-size", "8")
        for options, expected in (
                (("--mask-range", "0-8", "--masks", "16"), "expected BEGIN:END"),
                (("--mask-range", "8:8", "--masks", "16"), "0 <= BEGIN < END <= 16"),
                (("--mask-range", "8:24", "--masks", "16"), "0 <= BEGIN < END <= 16"),
                (("--mask-range", "4:8", "--masks", "16"), "--batch-size 8"),
                (("--mask-range", "0:4", "--masks", "16"), "--batch-size 8"),
                (("--mask-range", "0:8"), "--masks"),
                (("--mask-range", "0:8", "--family", "window", "--window", "4x4,8x8"),
                 "one --window")):
            with self.subTest(options=options):
                self.assert_refused((*command, "--grid", "4x4", *options), USAGE, "--mask-range",
                                    expected)


class Again(CliTestCase):
    def arrays(self, *arguments, name="noise"):
        """The bytes of a run's arrays."""
        self.assert_succeeds(("explain", *arguments, "-o", self.output, "--overwrite", "-q"))
        return (self.output / f"{name}.npz").read_bytes()

    def test_a_result_repeats_its_run_to_the_byte(self):
        recording = self.noise_file(duration_s=2 * ONE_WINDOW_S)
        masks = self.folder / "masks.npz"
        self.assert_succeeds(("masks", "--shape", "16x20", "--grid", "3x4", "--masks", "64", "-o",
                              masks))
        other = self.noise_file("other.wav", duration_s=ONE_WINDOW_S, )
        for options in (("--seed", "3", "--tolerance", "0.4", "--grid", "500Hzx50ms"),
                        ("--masks", "96", "--family", "rise", "--score", "l2", "--hop", "0.1"),
                        ("--masks-file", masks, "--fill", "constant:-1.5", "--repeat", "4"),
                        ("--family", "window", "--window", "4x4,8x8", "--stride", "2x2,4x4"),
                        ("--family", "window", "--window", "4x4,8x8"),
                        ("--masks", "64", "--reference", other, "--workers", "1"),
                        ("--preset", "relax-package", "--masks", "40", "--grid", "4x4")):
            with self.subTest(options=options):
                first = self.arrays(recording, "--model", self.model("convolution"), *options,
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

    def test_a_recording_that_has_changed_is_said(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.arrays(recording, "--model", self.model("convolution"), *quick(64))
        write_wav(recording, noise(ONE_WINDOW_S, seed=9))
        done = self.relax("explain", "--config", self.output / "noise.json", "-o", self.output,
                          "--overwrite", "--figure", "none")
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"warning: {recording}: is not the file", done.stderr)

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
                options = json.loads((self.output / "noise.json").read_text())["options"]
                for field, value in settings.items():
                    where = options["masks"] if field in ("family", "count") else options
                    self.assertEqual(where[field], value)
                self.assertEqual(options["masks"]["design"], "independent")
                self.assertEqual(options["masks"]["grid"], {"frequency": 7, "time": 7})
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
