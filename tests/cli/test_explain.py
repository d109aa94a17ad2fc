"""relax-spectro explain: what it writes, and for which recordings."""

import hashlib
import json
import os
import resource
import subprocess
import unittest

import numpy as np

from cli_test_case import (BANDS, CliTestCase, FAILURE, FRAMES, HOP, ONE_WINDOW_S, RATE_HZ,
                           SOME_FAILED, USAGE, WINDOW, noise, quick, tone, write_wav)

MAPS = ("importance", "contrast", "uncertainty", "standard_error", "u_relax")


def frames_of(samples):
    return 1 + (samples - WINDOW) // HOP


class Results(CliTestCase):
    def test_arrays_have_the_documented_names_types_and_shapes(self):
        arrays, _ = self.explain(self.noise_file(duration_s=ONE_WINDOW_S), masks=200)
        self.assertEqual(set(arrays), {*MAPS, "spectrogram", "time_s", "frequency_hz", "scores"})
        for name in MAPS:
            self.assertEqual(arrays[name].shape, (BANDS, FRAMES), name)
            self.assertEqual(arrays[name].dtype, np.float64, name)
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
            "unresolved_windows", "windows", "sizes", "steepest_size", "warnings", "engine", "seconds"})
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
            "effective_seed": result["method"]["effective_seed"], "grid": {"frequency": 4, "time": 4}, "edges": "smooth", "even_in_hertz": False})
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
                self.assertAlmostEqual(heard[0]["probability"], low / (low + high), places=5)
                self.assertAlmostEqual(heard[1]["probability"], high / (low + high), places=5)

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
            self.assert_succeeds(arguments, stdout=f"{output}/noise.{ending}\n")
            self.assertTrue((output / f"noise.{ending}").read_bytes().startswith(start))
            self.assertEqual(sorted(path.name for path in output.iterdir()),
                             sorted([f"noise.{ending}", "noise.json", "noise.npz"]))

    def test_folders_and_lists_are_for_batch(self):
        listed = self.folder / "list.csv"
        listed.write_text("file\nnoise.wav\n", encoding="utf-8")
        for path, text in ((self.folder, "explains all in it"), (listed, "explains all that it names")):
            self.assert_refused(("explain", path, "-o", self.output), USAGE,
                                f"{path}: is a", f"relax-spectro batch {path} {text}")

    def test_the_default_output_folder_is_named_and_made(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.assert_succeeds(("explain", recording, "--model", self.model("rectangle"), "-q",
                              *quick()), stdout="relax-results/noise.npz\n")
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
                                   variance["uncertainty"] * sum_of_masks, rtol=1e-5, atol=1e-12)

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


class MaskShapes(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recording = self.noise_file(duration_s=ONE_WINDOW_S)

    def sweep(self, windows, *options, **more):
        return self.explain(self.recording, "--family", "window", "--window", windows,
                            "--fill", "silence", *options, **more)

    def test_json_says_which_grid_was_asked_for_and_which_cells_were_used(self):
        cases = {("random", "800Hzx32ms"): (5, 5), ("rise", "4x0.04s"): (4, 4),
                 ("time", "800Hzx40ms"): (1, 4), ("time", "7x7"): (1, 7),
                 ("frequency", "7x5"): (7, 1), ("time-frequency", "1kHzx5"): (4, 5)}
        for number, ((family, grid), cells) in enumerate(cases.items()):
            _, result = self.explain(self.recording, "--family", family, "--edges", "hard",
                                     grid=grid, output=self.folder / str(number))
            method = result["method"]
            self.assertEqual((method["grid"]["frequency"], method["grid"]["time"]), cells, family)
            self.assertEqual(method["edges"], "hard")
        self.assertEqual(result["options"]["masks"]["grid"], "1000Hzx5")

    def test_a_mask_file_keeps_hard_edges_and_cells_in_hertz(self):
        grid = "800Hzx0.04s"
        shape = ("--edges", "hard", "--seed", "3", "--design", "independent")
        masks = self.folder / "masks.npz"
        self.assert_succeeds(("masks", "--model", self.model("rectangle"), "--grid", grid, *shape,
                              "-n", "20", "-o", masks))
        drawn, _ = self.explain(self.recording, *shape, "--seed-by", "run", "--estimator", "mask-sum", grid=grid,
                                output=self.folder / "drawn")
        listed, result = self.explain(self.recording, "--masks-file", masks,
                                      output=self.folder / "listed")
        np.testing.assert_array_equal(drawn["importance"], listed["importance"])
        self.assertEqual(result["method"]["edges"], "hard")
        self.assertTrue(result["method"]["even_in_hertz"])

    def test_a_sweep_of_one_size_has_no_more_arrays(self):
        arrays, result = self.sweep("4x5", "--stride", "2x5", "--seed-by", "run")
        self.assertEqual(set(arrays), {*MAPS, "spectrogram", "time_s", "frequency_hz", "scores"})
        self.assertEqual(result["method"]["estimator"], "mean-drop")
        self.assertEqual(result["method"]["design"], "sweep")
        self.assertEqual(result["options"]["masks"]["windows"], [{"size": "4x5", "stride": "2x5"}])
        self.assertEqual(result["steepest_size"], 0)
        self.assertEqual(len(result["sizes"]), 1)

    def test_a_sweep_over_sizes_has_a_map_and_a_summary_of_each(self):
        windows = ("1x1", "4x6", "1000Hzx40ms", "allx2")
        arrays, result = self.sweep(",".join(windows))
        self.assertEqual(arrays["size_importance"].shape, (4, BANDS, FRAMES))
        self.assertEqual(result["options"]["masks"]["windows"], [
            {"size": window, "stride": None} for window in
            ("1x1", "4x6", "1000Hzx0.04s", "allx2")])
        sizes = result["sizes"]
        self.assertEqual([size["window"] for size in sizes],
                         ["1x1", "4x6", "1000Hzx0.04s", "allx2"])
        self.assertEqual([size["stride"] for size in sizes],
                         ["1x1", "2x3", "500Hzx2", "allx1"])
        self.assertEqual(sizes[0]["masks"], BANDS * FRAMES)
        self.assertEqual(sizes[3]["most_bins"], {"frequency": BANDS, "time": 2})
        self.assertEqual(result["masks_evaluated"], sum(size["masks"] for size in sizes))
        drops = [size["largest_drop"] for size in sizes]
        steepest = result["steepest_size"]
        self.assertEqual(drops[steepest], max(drops))
        np.testing.assert_array_equal(arrays["importance"], arrays["size_importance"][steepest])
        self.assertEqual(arrays["scores"].shape, (1, sizes[steepest]["masks"]))
        window = result["windows"][0]
        self.assertAlmostEqual(window["unmasked_score"] - arrays["scores"].min(), max(drops))
        self.assertAlmostEqual(window["unmasked_score"] - arrays["scores"].mean(),
                               sizes[steepest]["mean_drop"])
        for number, text in enumerate(windows):
            alone, _ = self.sweep(text, output=self.folder / str(number))
            np.testing.assert_array_equal(alone["importance"], arrays["size_importance"][number])

    def test_the_largest_drop_is_where_the_model_listens(self):
        _, result = self.sweep("4x6,1x1", "--stride", "4x2,1x1")
        place = result["sizes"][0]["largest_drop_at"]
        self.assertEqual(result["steepest_size"], 0)
        arrays, _ = self.explain(self.recording, output=self.folder / "axes")
        hz, time_s = arrays["frequency_hz"], arrays["time_s"]  # it hears bands 4-7, frames 8-13
        self.assertTrue(hz[3] < place["low_hz"] < hz[4] and hz[7] < place["high_hz"] < hz[8])
        self.assertTrue(time_s[7] < place["begin_s"] < time_s[8])
        self.assertTrue(time_s[13] < place["end_s"] < time_s[14])

    def test_one_stride_goes_for_all_sizes(self):
        _, result = self.sweep("4x4,8x8", "--stride", "4x20ms")
        self.assertEqual([size["stride"] for size in result["sizes"]], ["4x0.02s"] * 2)

    def test_sizes_of_a_long_recording_are_joined_along_time(self):
        recording = self.noise_file("long.wav", duration_s=1.0)
        arrays, result = self.explain(recording, "--family", "window", "--window", "4x4,8x8")
        frames = frames_of(RATE_HZ)
        self.assertEqual(arrays["size_importance"].shape, (2, BANDS, frames))
        self.assertTrue(np.isfinite(arrays["size_importance"]).all())
        windows = len(result["windows"])
        self.assertGreater(windows, 3)
        for size in result["sizes"]:
            positions = size["positions"]
            self.assertEqual(size["masks"], windows * positions["frequency"] * positions["time"])

    def test_a_figure_of_several_sizes_is_higher_than_of_one(self):
        def height_of(windows, output):
            self.sweep(windows, output=self.folder / output)
            png = self.folder / f"{output}-figure"
            self.assert_succeeds(("explain", self.recording, "--model", self.model("rectangle"),
                                  "-o", png, "--quiet", "--family", "window", "--window", windows))
            return int.from_bytes((png / "noise.png").read_bytes()[20:24], "big")
        self.assertGreater(height_of("4x4,8x8,allx4", "three"), height_of("4x4", "one"))


class Processor(CliTestCase):
    """Of the machine's cores and threads a process may have fewer."""

    def limited(self, *arguments, before):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        command = [str(self.programs / "relax-spectro"), "explain", str(recording), "--model",
                   str(self.model("rectangle")), "-o", str(self.output), "--overwrite", "--figure", "none",
                   "--masks", "200", *arguments]
        return subprocess.run(command, capture_output=True, text=True, preexec_fn=before, check=False)

    def test_workers_are_the_cores_that_the_process_may_use(self):
        core = min(os.sched_getaffinity(0))
        done = self.limited(before=lambda: os.sched_setaffinity(0, {core}))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads((self.output / "noise.json").read_text())["engine"]["workers"], 1)

    def test_without_more_threads_the_work_goes_on_or_the_message_says_why(self):
        def no_threads():  # none has room for a stack of 64 TiB
            resource.setrlimit(resource.RLIMIT_STACK, (1 << 46, resource.RLIM_INFINITY))

        if resource.getrlimit(resource.RLIMIT_STACK)[1] != resource.RLIM_INFINITY:
            self.skipTest("the size of a stack is limited for good")
        done = self.limited("--workers", "3", "--threads", "1", before=no_threads)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"\Arelax-spectro: warning: .*noise.wav: no more threads can be started "
                                      r"\(.+\): going on with 1 of 3 workers\n\Z")
        done = self.limited("--workers", "1", "--threads", "3", before=no_threads)
        self.assertEqual(done.returncode, FAILURE)
        self.assertRegex(done.stderr, r"\Arelax-spectro: 0 of 3 threads can be started \(.+\); expected --threads 3 "
                                      r"for each of 1 workers: lower --threads or --workers, .*\n\Z")


class Recordings(CliTestCase):
    def test_a_recording_shorter_than_a_window_is_padded_and_said_so(self):
        recording = self.noise_file(duration_s=0.1)
        warning = (f"relax-spectro: warning: {recording}: the recording (0.100 s) is shorter than "
                   "the model's window (0.168 s): it was padded at its end with digital silence\n")
        self.assert_succeeds(("explain", recording, "--model", self.model("rectangle"), "-o",
                              self.output, *quick(masks=2000), "--fill", "silence"),
                             stdout=f"{self.output}/noise.npz\n", stderr=warning)
        with np.load(self.output / "noise.npz") as arrays:
            self.assertEqual(arrays["spectrogram"].shape, (BANDS, FRAMES))
            np.testing.assert_allclose(arrays["spectrogram"][:, -1], -2)
        result = json.loads((self.output / "noise.json").read_text(encoding="utf-8"))
        self.assertEqual(len(result["warnings"]), 1)
        self.assertAlmostEqual(result["input"]["duration_s"], 0.1)

    def test_a_model_of_any_length_takes_a_short_recording_as_it_is(self):
        arrays, result = self.explain(self.noise_file(duration_s=0.1),
                                      model="any-length")
        self.assertEqual(arrays["importance"].shape, (BANDS, frames_of(800)))
        self.assertEqual(result["windows"][0]["frames"], frames_of(800))

    def test_silence_is_unresolved(self):
        recording = write_wav(self.folder / "silence.wav", np.zeros(RATE_HZ // 5))
        done = self.relax("explain", recording, "--model", self.model("rectangle"), "-o",
                          self.output, *quick(), "--fill", "silence")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, f"{self.output}/silence.npz\n")
        self.assertIn(f"relax-spectro: warning: {recording}: the model's input is the same everywhere", done.stderr)
        self.assertIn(f"relax-spectro: warning: {recording}: unresolved", done.stderr)
        result = json.loads((self.output / "silence.json").read_text(encoding="utf-8"))
        self.assertIsNone(result["noise_to_contrast"])
        self.assertEqual(result["unresolved_windows"], len(result["windows"]))
        self.assertTrue(result["warnings"][1].startswith("unresolved"))

    def test_quiet_says_no_warnings_but_keeps_them_in_the_result(self):
        _, result = self.explain(self.noise_file(), model="constant")
        self.assertTrue(result["warnings"])

    def test_channels_are_averaged_unless_one_is_chosen(self):
        left, right = noise(0.2, seed=1), noise(0.2, seed=2)
        stereo = write_wav(self.folder / "stereo.wav", np.stack([left, right], axis=1))
        # The mean as the 32-bit samples of the file have it.
        mean = (left.astype(np.float32).astype(float) + right.astype(np.float32)) / 2
        expected = {(): mean, ("--channel", "1"): left, ("--channel", "2"): right}
        for number, (options, samples) in enumerate(expected.items()):
            alone = write_wav(self.folder / f"alone{number}.wav", samples)
            from_stereo, _ = self.explain(stereo, "--seed-by", "run", *options, output=self.folder / f"out{number}")
            from_mono, _ = self.explain(alone, "--seed-by", "run")
            for name in from_mono:
                np.testing.assert_array_equal(from_stereo[name], from_mono[name], name)

    def test_24_bit_stereo_at_another_rate_is_resampled(self):
        rate_hz = 44100
        sound = tone(1000, 0.5, rate_hz)
        recording = write_wav(self.folder / "cd.wav", np.stack([sound, sound], axis=1), rate_hz,
                              "pcm24")
        arrays, result = self.explain(recording)
        plain, _ = self.explain(write_wav(self.folder / "plain.wav", tone(1000, 0.5)))
        self.assertEqual(result["input"]["sample_rate_hz"], rate_hz)
        self.assertAlmostEqual(result["input"]["duration_s"], 0.5)
        self.assertEqual(arrays["spectrogram"].shape, plain["spectrogram"].shape)
        # Away from the ends, where the resampler hears the sound begin and stop.
        np.testing.assert_allclose(arrays["spectrogram"][:, 3:-3], plain["spectrogram"][:, 3:-3],
                                   atol=0.02)

    def test_a_long_recording_is_covered_to_its_end(self):
        duration_s = 3.0
        arrays, result = self.explain(self.noise_file(duration_s=duration_s))
        frames = frames_of(round(duration_s * RATE_HZ))
        for name in (*MAPS, "spectrogram"):
            self.assertEqual(arrays[name].shape, (BANDS, frames), name)
        self.assertTrue((np.diff(arrays["time_s"]) > 0).all())
        self.assertGreater(arrays["time_s"][-1] + (WINDOW / 2 + HOP) / RATE_HZ, duration_s)
        windows = result["windows"]
        self.assertEqual(arrays["scores"].shape, (len(windows), 20))
        self.assertEqual(result["masks_evaluated"], len(windows) * 20)
        covered = np.zeros(frames)
        for window in windows:
            begin, end = window["begin_frame"], window["begin_frame"] + window["frames"]
            covered[begin:end] += 1
            self.assertEqual(window["first_frame_s"], arrays["time_s"][begin])
            self.assertEqual(window["last_frame_s"], arrays["time_s"][end - 1])
        self.assertTrue((covered >= 1).all())

    def test_hop_sets_how_windows_follow_one_another(self):
        _, result = self.explain(self.noise_file(duration_s=1.0), "--hop", "0.08")
        begins = [window["begin_frame"] for window in result["windows"]]
        self.assertEqual(begins[:3], [0, 10, 20])

    def test_one_recording_that_fails_does_not_stop_the_others(self):
        good = [self.noise_file(name) for name in ("one.wav", "two.wav")]
        bad = self.folder / "bad.wav"
        bad.write_bytes(b"not sound")
        done = self.relax("explain", good[0], bad, good[1], "--model", self.model("rectangle"),
                          "-o", self.output, "--quiet", *quick())
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertEqual(done.stdout, f"{self.output}/one.npz\n{self.output}/two.npz\n")
        first, last = done.stderr.splitlines()
        self.assertIn(f"{bad}: not a recording", first)
        self.assertEqual(last, "relax-spectro: 1 of 3 recordings failed")
        self.assertEqual(self.files_left(), ["one.json", "one.npz", "two.json", "two.npz"])

    def test_when_all_recordings_fail_that_is_a_failure(self):
        missing = [self.folder / "a.wav", self.folder / "b.wav"]
        done = self.relax("explain", *missing, "--model", self.model("rectangle"), "-o",
                          self.output, *quick())
        self.assertEqual(done.returncode, FAILURE)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("no such file"), 2)
        self.assertIn("2 of 2 recordings failed", done.stderr)
        self.assertEqual(self.files_left(), [])

    def test_recordings_of_one_name_get_results_of_their_own(self):
        files = [self.noise_file(name, ONE_WINDOW_S)
                 for name in ("a/x.wav", "b/x.wav", "c/x.wave", "y.wav")]
        done = self.relax("explain", *files, "--model", self.model("rectangle"), "-o", self.output,
                          "--quiet", *quick())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        results = [line.removeprefix(f"{self.output}/") for line in done.stdout.splitlines()]
        self.assertEqual(results, ["a_x_wav.npz", "b_x_wav.npz", "x_wave.npz", "y.npz"])
        for result, file in zip(results, files):
            summary = (self.output / result).with_suffix(".json").read_text(encoding="utf-8")
            self.assertEqual(json.loads(summary)["input"]["path"], str(file))


if __name__ == "__main__":
    unittest.main()
