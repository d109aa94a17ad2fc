"""relax-spectro explain: masks of other shapes, and sweeps of windows."""

import unittest

import numpy as np

from cli_test_case import BANDS, CliTestCase, FRAMES, MAPS, ONE_WINDOW_S, RATE_HZ, USAGE, frames_of


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

    def test_adaptive_cells_cover_each_window_and_the_peak_of_a_table_is_one_of_them(self):
        recording = self.noise_file(duration_s=2.5 * ONE_WINDOW_S)
        for number, (family, columns) in enumerate((("random", 4), ("time", 8), ("frequency", 1))):
            output = self.folder / str(number)
            arrays, result = self.explain(recording, "--family", family, masks=200, grid="adaptive", output=output)
            self.assertEqual(result["method"]["estimator"], "cells")
            self.assertEqual(result["options"]["masks"]["grid"], "adaptive")
            self.assertLessEqual(columns, result["method"]["grid"]["time"])
            for window in result["windows"]:
                covered = np.zeros(arrays["importance"].shape, int)
                for cell in window["cells"]:
                    band, frame = cell["first_band"], cell["first_frame"]
                    covered[band:band + cell["bands"], frame:frame + cell["frames"]] += 1
                begin, end = window["begin_frame"], window["begin_frame"] + window["frames"]
                self.assertTrue((covered[:, begin:end] == 1).all())
                self.assertEqual(covered.sum(), BANDS * window["frames"])

    def test_adaptive_cells_refuse_what_they_cannot_be(self):
        for options in (("--family", "rise"), ("--family", "time-frequency"), ("--family", "window"),
                        ("--keep", "0.3"), ("--design", "sobol"), ("--estimator", "mask-sum"), ("--repeat", "5")):
            self.assert_refused(("explain", self.recording, "--model", self.model("rectangle"), "--grid", "adaptive",
                                 *options, "-o", self.folder / "none"), USAGE, "--grid adaptive")
        self.assert_refused(("masks", "--shape", "16x20", "--grid", "adaptive", "-o", self.folder / "masks.npz"), USAGE,
                            "depend on the recording")

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


if __name__ == "__main__":
    unittest.main()
