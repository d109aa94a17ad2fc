"""localise: maps of results against tables of annotated events."""

import csv
import io
import unittest

import numpy as np

from cli_test_case import (CliTestCase, FAILURE, ONE_WINDOW_S, RATE_HZ, SOME_FAILED, USAGE, noise,
                           write_wav)

# The bins that affect the rectangle models.
BAND_RANGE = slice(4, 8)
FRAME_RANGE = slice(8, 14)

METRICS = ("pointing_game", "relevance_mass_accuracy", "relevance_rank_accuracy",
           "top_k_intersection", "auc", "attribution_localisation")
COLUMNS = ("file", "map", "boxes", "share_inside", *METRICS[:3], "top_k", *METRICS[3:],
           "sparseness", "entropy", "effective_complexity",
           *(f"loudness_{metric}" for metric in METRICS), "relax_spectro")


def area_under_roc(values, inside):
    """From its definition, pair by pair."""
    difference = values[inside][:, None] - values[~inside][None, :]
    return np.mean((difference > 0) + 0.5 * (difference == 0))


class Localise(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recording = self.noise_file("noise.wav", ONE_WINDOW_S)
        self.arrays, _ = self.explain(self.recording, masks=400, grid="8x10")
        self.result = self.output / "noise.json"
        time_s, frequency_hz = self.arrays["time_s"], self.arrays["frequency_hz"]
        self.inside = np.zeros(self.arrays["contrast"].shape, bool)
        self.inside[BAND_RANGE, FRAME_RANGE] = True
        self.box = (time_s[FRAME_RANGE][0], time_s[FRAME_RANGE][-1],
                    frequency_hz[BAND_RANGE][0], frequency_hz[BAND_RANGE][-1])

    def table(self, text=None, name="boxes.csv"):
        path = self.folder / name
        path.write_text(text or "start_s,end_s,low_hz,high_hz,label,file\n"
                        f"{','.join(map(repr, map(float, self.box)))},event,noise.wav\n",
                        encoding="utf-8")
        return path

    def rows(self, *arguments, stderr=""):
        said = self.assert_succeeds(("localise", *arguments), stderr=stderr)
        reader = csv.DictReader(io.StringIO(said))
        self.assertEqual(tuple(reader.fieldnames), COLUMNS)
        return list(reader)

    def test_a_map_of_a_known_rectangle_lies_in_its_box_and_beats_loudness(self):
        (row,) = self.rows(self.result, "--boxes", self.table(), stderr=(
            "relax-spectro: in 1 of 1 recordings the contrast has more of its mass in the boxes "
            "than loudness has\n"))
        self.assertEqual((row["file"], row["map"], row["boxes"]), (str(self.result), "contrast", "1"))
        self.assertEqual(row["pointing_game"], "1")
        self.assertEqual(row["top_k"], str(self.inside.sum()))
        self.assertGreater(float(row["auc"]), 0.95)
        self.assertGreater(float(row["relevance_rank_accuracy"]), 0.7)
        self.assertLess(float(row["loudness_auc"]), 0.7)

    def test_every_number_is_that_of_the_arrays(self):
        (row,) = self.rows(self.result, "--boxes", self.table(), "-q", "--top-k", "5")
        contrast = self.arrays["contrast"]
        loudness = self.arrays["spectrogram"].astype(float) - self.arrays["spectrogram"].min()
        for prefix, values in (("", contrast), ("loudness_", loudness)):
            positive = np.maximum(values, 0)
            magnitude = np.abs(values)
            ranked = self.inside.ravel()[np.argsort(-values.ravel(), kind="stable")]
            expected = {
                "pointing_game": ranked[0],
                "relevance_mass_accuracy": positive[self.inside].sum() / positive.sum(),
                "relevance_rank_accuracy": ranked[:self.inside.sum()].mean(),
                "top_k_intersection": ranked[:5].mean(),
                "auc": area_under_roc(values, self.inside),
                "attribution_localisation": magnitude[self.inside].sum() / magnitude.sum()}
            for metric, value in expected.items():
                self.assertAlmostEqual(float(row[prefix + metric]), value, places=5, msg=metric)
        shares = np.sort(np.abs(contrast).ravel()) / np.abs(contrast).sum()
        count = shares.size
        self.assertAlmostEqual(float(row["share_inside"]), self.inside.mean(), places=5)
        self.assertEqual(row["top_k"], "5")
        self.assertAlmostEqual(float(row["entropy"]), -(shares[shares > 0] * np.log(shares[shares > 0])).sum(), places=4)
        gini = ((2 * np.arange(1, count + 1) - count - 1) * shares).sum() / count
        self.assertAlmostEqual(float(row["sparseness"]), gini, places=4)
        self.assertEqual(int(row["effective_complexity"]), (shares > 1e-5 * shares[-1]).sum())

    def test_other_maps_may_be_asked_for(self):
        for name in ("importance", "u_relax", "uncertainty"):
            (row,) = self.rows(self.result, "--boxes", self.table(), "-q", "--map", name)
            self.assertEqual(row["map"], name)
            values = self.arrays[name]
            self.assertAlmostEqual(float(row["relevance_mass_accuracy"]),
                                   values[self.inside].sum() / values.sum(), places=5)

    def test_a_selection_table_of_raven_gives_the_same_as_a_csv(self):
        start_s, end_s, low_hz, high_hz = map(float, self.box)
        raven = self.table(
            "Selection\tView\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\n"
            f"1\tSpectrogram 1\t{start_s!r}\t{end_s!r}\t{low_hz!r}\t{high_hz!r}\n", "raven.txt")
        self.assertEqual(self.rows(self.result, "--boxes", raven, "-q"),
                         self.rows(self.result, "--boxes", self.table(), "-q"))

    def test_labels_choose_boxes(self):
        table = self.table("start_s,end_s,label,file\n0,0.05,a,noise.wav\n0.1,0.15,b,noise.wav\n"
                           "0,1,c,other.wav\n")
        (both,) = self.rows(self.result, "--boxes", table, "-q")
        self.assertEqual(both["boxes"], "2")
        (one,) = self.rows(self.result, "--boxes", table, "-q", "--label", "b")
        self.assertEqual(one["boxes"], "1")
        (none,) = self.rows(self.result, "--boxes", table, "--label", "c", stderr=(
            f"relax-spectro: warning: {self.result}: no box is labelled 'c'\n"
            "relax-spectro: in 0 of 0 recordings the contrast has more of its mass in the boxes "
            "than loudness has\n"))
        self.assertEqual((none["boxes"], none["auc"], none["share_inside"]), ("0", "", ""))
        self.assertNotEqual(none["sparseness"], "")
        self.assert_refusal(("--boxes", table, "--label", "d"), USAGE, "--label is 'd'", "a, b, c")

    def test_a_table_is_written_and_kept_unless_told_otherwise(self):
        path = self.folder / "out/table.csv"
        arguments = ("localise", self.result, "--boxes", self.table(), "-o", path, "-q")
        self.assert_succeeds(arguments, stdout=f"{path}\n")
        text = path.read_text(encoding="utf-8")
        self.assertEqual(text.splitlines()[0], ",".join(COLUMNS))
        self.assert_refusal(("--boxes", self.table(), "-o", path), FAILURE, path, "--overwrite")
        self.assert_succeeds((*arguments, "--overwrite"), stdout=f"{path}\n")
        self.assert_refusal(("--boxes", self.table(), "-o", "table.npz"), USAGE, "table.npz", ".csv")

    def test_a_result_that_fails_does_not_stop_the_others(self):
        damaged = self.output / "damaged.json"
        damaged.write_text("{", encoding="utf-8")
        done = self.relax("localise", self.output, "--boxes", self.table(), "-q")
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertEqual(len(done.stdout.splitlines()), 2)
        self.assertIn(f"{damaged}: ", done.stderr)
        self.assertIn("1 of 2 recordings failed", done.stderr)

    def assert_refusal(self, arguments, code, *expected):
        """Like assert_refused, with only the result in the output folder."""
        done = self.relax("localise", self.result, *arguments)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        for text in expected:
            self.assertIn(str(text), done.stderr)
        self.assertEqual(done.stderr.count("relax-spectro: "), 1, done.stderr)

    def test_boxes_that_do_not_fit_are_refused(self):
        def refused(text, *expected):
            table = self.table(text)
            self.assert_refusal(("--boxes", table), FAILURE, table, *expected)
        refused("start_s,end_s\n0.1,x\n", "line 2", "end_s is 'x'")
        refused("begin,end\n0.1,0.2\n", "no column start_s", "begin, end")
        refused("start_s,end_s\n9,10\n", "line 2", "begins at 9 s", f"{ONE_WINDOW_S:.3f} s long")
        refused(f"start_s,end_s,low_hz\n0,1,{RATE_HZ / 2}\n", "line 2", "begins at 4000 Hz")
        refused("start_s,end_s,file\n0,1,other.wav\n", f"no boxes for {self.recording}", "other.wav")
        self.assert_refusal(("--boxes", self.folder / "none.csv"), FAILURE, "no such file")

    def test_options_that_do_not_fit_are_refused(self):
        self.assert_refusal((), USAGE, "--boxes is required")
        self.assert_refusal(("--boxes", self.table(), "--top-k", "0"), USAGE, "--top-k")
        self.assert_refusal(("--boxes", self.table(), "--map", "loudness"), USAGE, "--map")

    def test_boxes_without_a_file_are_those_of_one_recording(self):
        other = write_wav(self.folder / "other.wav", noise(ONE_WINDOW_S, seed=2))
        self.explain(other)
        table = self.table("start_s,end_s\n0,0.1\n")
        done = self.relax("localise", self.result, self.output / "other.json", "--boxes", table)
        self.assertEqual(done.returncode, USAGE, done.stderr)
        self.assertIn("does not name the recordings of its boxes", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_equal_names_are_told_apart_by_their_folders(self):
        for seed, site in enumerate(("site1", "site2")):
            recording = write_wav(self.folder / f"rec/{site}/a.wav", noise(ONE_WINDOW_S, seed=seed))
            self.explain(recording, output=self.output / site)
        results = [self.output / "site1/a.json", self.output / "site2/a.json"]
        table = self.table("file,start_s,end_s,label\nsite1\\a.wav,0,0.05,x\nsite2\\a.wav,0,0.05,x\n"
                           "site2\\a.wav,0.1,0.15,y\n")
        self.assertEqual([row["boxes"] for row in self.rows(*results, "--boxes", table, "-q")], ["1", "2"])
        (row,) = self.rows(results[1], "--boxes", table, "-q", "--label", "y")
        self.assertEqual(row["boxes"], "1")
        table = self.table("file,start_s,end_s\na.wav,0,0.05\n")
        done = self.relax("localise", *results, "--boxes", table)
        self.assertEqual(done.returncode, FAILURE)
        for text in (table, "rec/site1/a.wav", "rec/site2/a.wav", "folder"):
            self.assertIn(str(text), done.stderr)

    def test_a_table_of_birdnet_serves_two_recordings_and_their_labels(self):
        self.explain(self.noise_file("other.wav", ONE_WINDOW_S))
        table = self.table(
            "Selection\tView\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tCommon Name\t"
            "Begin Path\n"
            "1\tSpectrogram 1\t0\t0.05\t0\t3000\tGull\t/data/noise.wav\n"
            "1\tWaveform 1\t0\t0.05\t0\t4000\tGull\t/data/noise.wav\n"
            "2\tWaveform 1\t0\t0.05\t0\t4000\tGull\t/data/other.wav\n"
            "3\tWaveform 1\t0.1\t0.15\t0\t4000\tOwl\t/data/other.wav\n", "raven.txt")
        self.assertEqual([row["boxes"] for row in self.rows(self.output, "--boxes", table, "-q")], ["1", "2"])
        self.assertEqual([row["boxes"] for row in self.rows(self.output, "--boxes", table, "-q", "--label", "Gull")],
                         ["1", "1"])


if __name__ == "__main__":
    unittest.main()
