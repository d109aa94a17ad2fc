"""relax-spectro explain: what it writes."""

import hashlib
import unittest

import numpy as np

from cli_test_case import (BANDS, CliTestCase, FRAMES, HOP, MAPS, ONE_WINDOW_S, RATE_HZ, USAGE, WINDOW, frames_of, quick,
                           tone, write_wav)


class Results(CliTestCase):
    def test_arrays_have_the_documented_names_types_and_shapes(self):
        arrays, _ = self.explain(self.noise_file(duration_s=ONE_WINDOW_S), masks=200)
        self.assertEqual(set(arrays), {*MAPS, "spectrogram", "time_s", "frequency_hz", "scores"})
        for name in MAPS:
            self.assertEqual(arrays[name].shape, (BANDS, FRAMES), name)
            self.assertEqual(arrays[name].dtype, np.float32, name)
            self.assertTrue(np.isfinite(arrays[name]).all(), name)
        self.assertEqual(arrays["spectrogram"].shape, (BANDS, FRAMES))
        self.assertEqual(arrays["spectrogram"].dtype, np.float32)
        self.assertEqual(arrays["time_s"].shape, (FRAMES,))
        self.assertEqual(arrays["frequency_hz"].shape, (BANDS,))
        self.assertEqual(arrays["scores"].shape, (1, 200))
        self.assertTrue((np.diff(arrays["frequency_hz"]) > 0).all())
        centres = np.arange(FRAMES) * HOP + WINDOW / 2
        np.testing.assert_allclose(arrays["time_s"], centres / RATE_HZ)
        self.assertTrue((arrays["uncertainty"] >= 0).all())

    def test_json_says_how_the_arrays_were_made(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        _, result = self.explain(recording, "--seed", "5", "--keep", "0.25", "--fill", "silence",
                                 "--workers", "16", "--batch-size", "8", masks=1000)
        self.assertEqual(result["format"], "relax-spectro result")
        self.assertEqual(result["format_version"], 2)
        self.assertEqual(set(result), {
            "format", "format_version", "tool_version", "command_line", "runtime", "input", "model",
            "reference", "masks_file", "options", "method", "masks_evaluated", "noise_to_contrast",
            "unresolved_windows", "heard", "verdict", "windows", "sizes", "steepest_size", "warnings", "engine", "seconds"})
        self.assertTrue(result["command_line"].startswith("relax-spectro explain "))
        self.assertIn("--seed 5", result["command_line"])
        self.assertEqual(result["input"]["path"], str(recording))
        self.assertEqual(result["input"]["sha256"],
                         hashlib.sha256(recording.read_bytes()).hexdigest())
        self.assertEqual(result["input"]["sample_rate_hz"], RATE_HZ)
        self.assertIsNone(result["input"]["channel"])
        self.assertAlmostEqual(result["input"]["duration_s"], ONE_WINDOW_S)
        self.assertEqual(result["model"]["sha256"],
                         hashlib.sha256(self.model("rectangle").read_bytes()).hexdigest())
        self.assertEqual(result["model"]["card"]["name"], "rectangle")
        self.assertEqual(result["options"], {
            "masks": {"family": "random", "design": None, "count": 1000, "tolerance": 0.15, "most_masks": 16384,
                      "seed": 5, "seed_by": "recording", "grid": "4x4", "edges": "smooth", "keep_probability": 0.25,
                      "windows": [{"size": "16x16", "stride": None}]},
            "fill": "silence", "score": "cosine", "estimator": None, "uncertainty": "variance",
            "repeat": None, "hop_s": None})
        self.assertEqual(result["method"], {
            "estimator": "regression", "hop_s": FRAMES * HOP / RATE_HZ, "design": "sobol",
            "effective_seed": result["method"]["effective_seed"], "grid": {"frequency": 4, "time": 4},
            "edges": "smooth", "even_in_hertz": False})
        engine = result["engine"]
        self.assertEqual({name: engine[name] for name in ("device", "optimise", "precision", "batch_size", "workers",
                                                          "threads", "windows", "precision_deviation")},
                         {"device": "cpu", "optimise": True, "precision": "single", "batch_size": "8",
                          "workers": 16, "threads": 1, "windows": 1000, "precision_deviation": None})
        self.assertGreater(result["engine"]["forward_share"], 0)
        self.assertLessEqual(result["engine"]["forward_share"], 1)
        self.assertEqual(result["masks_evaluated"], 1000)
        self.assertEqual(result["warnings"], [])
        self.assertEqual(len(result["windows"]), 1)
        self.assertEqual(set(result["windows"][0]), {
            "begin_frame", "frames", "first_frame_s", "last_frame_s", "unmasked_score",
            "masks", "blocks", "score_mean", "score_sd", "noise_to_contrast",
            "silent_frames", "class_index", "heard"})
        self.assertAlmostEqual(result["windows"][0]["unmasked_score"], 1)
        self.assertEqual(result["unresolved_windows"], 0)
        self.assertGreater(result["seconds"], 0)

    def test_what_the_model_hears_is_told_whatever_the_score(self):
        recording = write_wav(self.folder / "tone.wav", tone(500, ONE_WINDOW_S))
        for score in ("cosine", "logit:high", "prob:top"):
            with self.subTest(score):
                arrays, result = self.explain(recording, "--score", score, "--overwrite", model="tuple")
                low, high = (np.exp(arrays["spectrogram"][half].mean(dtype=float)) for half in (slice(8), slice(8, 16)))
                heard = result["windows"][0]["heard"]
                self.assertEqual([(one["class"], one["label"]) for one in heard], [(0, "low"), (1, "high")])
                self.assertAlmostEqual(heard[0]["probability"], low / (low + high), places=3)
                self.assertAlmostEqual(heard[1]["probability"], high / (low + high), places=3)

    def test_arrays_are_frequency_by_time_with_the_lowest_band_and_first_frame_first(self):
        late_and_high = np.concatenate([np.zeros(RATE_HZ // 2), tone(3500, 0.5)])
        recording = write_wav(self.folder / "late.wav", late_and_high)
        arrays, _ = self.explain(recording)
        spectrogram = arrays["spectrogram"]
        self.assertEqual(spectrogram.shape, (BANDS, frames_of(RATE_HZ)))
        band, frame = np.unravel_index(np.argmax(spectrogram), spectrogram.shape)
        self.assertGreater(arrays["time_s"][frame], 0.5)
        self.assertLess(abs(arrays["frequency_hz"][band] - 3500), 400)
        middle = np.searchsorted(arrays["time_s"], 0.5)
        np.testing.assert_allclose(spectrogram[:, :middle - 1], -2)
        self.assertGreater(spectrogram[BANDS // 2:, middle + 1:].mean(), -1.5)
        self.assertLess(spectrogram[:BANDS // 2, middle + 2:].mean(), -1.5)

    def test_importance_peaks_where_the_model_listens(self):
        arrays, result = self.explain(self.noise_file(duration_s=ONE_WINDOW_S), masks=2000)
        band, frame = np.unravel_index(np.argmax(arrays["importance"]), (BANDS, FRAMES))
        self.assertIn(band, range(4, 8))
        self.assertIn(frame, range(8, 14))
        self.assertLess(result["noise_to_contrast"], 0.5)

    def test_the_same_seed_gives_the_same_bytes(self):
        self.forks = False  # addresses differ from run to run
        recording = self.noise_file()
        for run in ("first", "second"):
            self.explain(recording, model="convolution", output=self.folder / run)
        self.explain(recording, "--seed", "1", model="convolution", output=self.folder / "other")
        first, second, other = ((self.folder / run / "noise.npz").read_bytes()
                                for run in ("first", "second", "other"))
        self.assertEqual(first, second)
        self.assertNotEqual(first, other)

    def test_bfloat16_gives_nearly_the_same_map_and_says_how_nearly(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        single, result = self.explain(recording, model="convolution")
        self.assertIsNone(result["engine"]["precision_deviation"])
        rounded, result = self.explain(recording, "--precision", "bfloat16", model="convolution",
                                       output=self.folder / "rounded")
        self.assertEqual(result["engine"]["precision"], "bfloat16")
        self.assertIn("bfloat16", result["runtime"])
        self.assertGreater(result["engine"]["precision_deviation"], 0)
        self.assertLess(result["engine"]["precision_deviation"], 16 / 256)
        difference = np.abs(rounded["importance"] - single["importance"]).max()
        self.assertGreater(difference, 0)
        self.assertLess(difference, 0.1 * np.ptp(single["importance"]))
        self.assert_succeeds(("explain", recording, "--config", self.folder / "rounded/noise.json",
                              "-o", self.output / "again", "-q", "--figure", "none"))
        with np.load(self.output / "again/noise.npz") as again:
            np.testing.assert_array_equal(again["importance"], rounded["importance"])

    def test_figures_are_written_in_each_format(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        for ending, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
            output = self.folder / ending
            arguments = ("explain", recording, "--model", self.model("rectangle"), "-o", output,
                         "--quiet", *quick(figure=ending))
            self.assert_shows(arguments, f"{output}/noise.{ending}")
            self.assertTrue((output / f"noise.{ending}").read_bytes().startswith(start))
            self.assertEqual(sorted(path.name for path in output.iterdir()),
                             sorted([f"noise.{ending}", "noise.json", "noise.npz"]))

    def test_folders_and_lists_are_for_batch(self):
        listed = self.folder / "list.csv"
        listed.write_text("file\nnoise.wav\n", encoding="utf-8")
        for path, kind in ((self.folder, "folder"), (listed, "list")):
            self.assert_refused(("explain", path, "-o", self.output), USAGE,
                                f"{path}: is a {kind}", f"use relax-spectro batch {path}\n")

    def test_the_default_output_folder_is_named_and_made(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.assert_shows(("explain", recording, "--model", self.model("rectangle"), "-q", *quick()),
                          "relax-results/noise.npz")
        self.assertTrue((self.folder / "relax-results/noise.json").is_file())

    def test_the_expected_estimator_evaluates_twice_the_masks(self):
        arrays, result = self.explain(self.noise_file(duration_s=ONE_WINDOW_S),
                                      "--estimator", "expected", masks=300)
        self.assertEqual(result["masks_evaluated"], 600)
        self.assertEqual(arrays["scores"].shape, (1, 600))

    def test_unnormalised_uncertainty_is_the_variance_times_the_sum_of_masks(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        variance, _ = self.explain(recording, output=self.folder / "variance")
        unnormalised, _ = self.explain(recording, "--uncertainty", "unnormalised",
                                       output=self.folder / "unnormalised")
        masks = self.folder / "masks.npz"
        self.assert_succeeds(("masks", "--shape", f"{BANDS}x{FRAMES}", "--grid", "4x4", "-n", "20",
                              "--expanded", "-o", masks))
        with np.load(masks) as drawn:
            sum_of_masks = drawn["masks"].astype(float).sum(axis=0)
        np.testing.assert_allclose(unnormalised["uncertainty"],
                                   variance["uncertainty"] * sum_of_masks, rtol=2**-6)

    def test_a_mask_file_gives_the_scores_of_the_same_masks_drawn(self):
        recording = self.noise_file()
        masks = self.folder / "masks.npz"
        self.assert_succeeds(("masks", "--shape", f"{BANDS}x{FRAMES}", "--grid", "4x4", "-n", "20",
                              "--seed", "9", "--keep", "0.3", "--design", "independent", "-o", masks))
        drawn, _ = self.explain(recording, "--seed", "9", "--seed-by", "run", "--keep", "0.3", "--design",
                                "independent", "--estimator", "mask-sum", output=self.folder / "drawn")
        listed, result = self.explain(recording, "--masks-file", masks, "--seed-by", "run",
                                      output=self.folder / "listed")
        for name in drawn:
            np.testing.assert_array_equal(drawn[name], listed[name], name)
        self.assertEqual(result["method"]["design"], "listed")
        self.assertEqual(result["method"]["grid"], {"frequency": 4, "time": 4})
        self.assertEqual(result["masks_file"],
                         {"path": str(masks), "sha256": hashlib.sha256(masks.read_bytes()).hexdigest()})


if __name__ == "__main__":
    unittest.main()
