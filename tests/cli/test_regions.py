"""regions: its tables, read back by strict parsers and, where it is installed, by crowsetta."""

import csv
import unittest

import numpy as np

from cli_test_case import CliTestCase, FAILURE, USAGE, noise, write_wav

try:
    import crowsetta
except ImportError:
    crowsetta = None

RAVEN_COLUMNS = ["Selection", "View", "Channel", "Begin Time (s)", "End Time (s)", "Low Freq (Hz)",
                 "High Freq (Hz)", "Peak Importance", "Mean Contrast", "Bins", "Annotation", "relax_spectro"]


def read_raven(path):
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    assert header.split("\t") == RAVEN_COLUMNS, header
    rows = [dict(zip(RAVEN_COLUMNS, line.split("\t"), strict=True)) for line in lines]
    assert [row["Selection"] for row in rows] == [str(i + 1) for i in range(len(rows))]
    assert all(row["View"] == "Spectrogram 1" for row in rows)
    return rows


def read_audacity(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) % 2 == 0, lines
    labels = []
    for line, frequencies in zip(lines[::2], lines[1::2]):
        begin_s, end_s, label = line.split("\t")
        mark, low_hz, high_hz = frequencies.split("\t")
        assert mark == "\\", frequencies
        labels.append((float(begin_s), float(end_s), float(low_hz), float(high_hz), label))
    return labels


class Regions(CliTestCase):
    def result(self, name="noise"):
        recording = write_wav(self.folder / f"{name}.wav", noise(0.3))
        arrays, _ = self.explain(recording, "--fill", "silence", masks=512)
        return self.output / f"{name}.json", arrays

    def tables(self, *options, min_bins=4, name="noise"):
        self.assert_succeeds(("regions", self.output / f"{name}.json", "-o", self.output, "--overwrite", "--quiet",
                              "--min-bins", min_bins, *options))
        with open(self.output / f"{name}.regions.csv", encoding="utf-8", newline="") as file:
            boxes = list(csv.DictReader(file))
        return (boxes, read_raven(self.output / f"{name}.selections.txt"),
                read_audacity(self.output / f"{name}.labels.relax-spectro.txt"))

    def test_three_tables_of_one_content(self):
        _, arrays = self.result()
        boxes, selections, labels = self.tables("--label", "call")
        self.assertGreater(len(boxes), 0)
        self.assertEqual(len(boxes), len(selections))
        self.assertEqual(len(boxes), len(labels))
        for box, selection, label in zip(boxes, selections, labels):
            expected = [float(box[key]) for key in ("start_s", "end_s", "low_hz", "high_hz")]
            self.assertEqual([float(selection[key]) for key in RAVEN_COLUMNS[3:7]], expected)
            np.testing.assert_allclose(label[:4], expected, atol=1e-3)
            self.assertEqual({box["label"], selection["Annotation"], label[4]}, {"call"})
            self.assertEqual(box["file"], str(self.folder / "noise.wav"))
            self.assertLess(expected[0], expected[1])
            self.assertLess(expected[2], expected[3])
        # The model reacts to bands 4 to 7 and frames 8 to 13: the largest region overlaps them.
        largest = max(selections, key=lambda row: int(row["Bins"]))
        self.assertLess(float(largest["Begin Time (s)"]), arrays["time_s"][13])
        self.assertGreater(float(largest["End Time (s)"]), arrays["time_s"][8])
        self.assertLess(float(largest["Low Freq (Hz)"]), arrays["frequency_hz"][7])
        self.assertGreater(float(largest["High Freq (Hz)"]), arrays["frequency_hz"][4])

    def test_standard_errors_as_a_threshold(self):
        _, arrays = self.result()
        _, selections, _ = self.tables("--threshold", "se:4", min_bins=1)
        salient = arrays["contrast"] > 4 * arrays["standard_error"]
        inside = arrays["time_s"] <= 0.3
        self.assertEqual(sum(int(row["Bins"]) for row in selections), salient[:, inside].sum())

    def test_a_map_without_regions_has_empty_tables(self):
        self.result()
        boxes, selections, labels = self.tables(min_bins=100000)
        self.assertEqual((boxes, selections, labels), ([], [], []))

    def test_a_map_that_is_not_above_its_noise_is_told(self):
        recording = self.noise_file("flat.wav")
        self.relax("explain", recording, "--model", self.model("constant"), "-o", self.output, "--masks", 64,
                   "--grid", "4x4", "--figure", "none", "--quiet")
        done = self.relax("regions", self.output / "flat.json", "-o", self.output)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not above their noise", done.stderr)

    def test_localise_reads_both_tables_of_boxes(self):
        result, _ = self.result()
        self.tables()
        rows = []
        for table in ("noise.regions.csv", "noise.selections.txt"):
            said = self.assert_succeeds(("localise", result, "--boxes", self.output / table, "--quiet"))
            rows.append(next(csv.DictReader(said.splitlines())))
        self.assertEqual(rows[0], rows[1])
        self.assertEqual(rows[0]["pointing_game"], "1")
        self.assertGreater(float(rows[0]["auc"]), 0.9)

    @unittest.skipIf(crowsetta is None, "crowsetta is not installed (pip install crowsetta)")
    def test_crowsetta_reads_the_same_boxes(self):
        self.result()
        boxes, _, _ = self.tables("--label", "call")
        raven = crowsetta.formats.bbox.Raven.from_file(self.output / "noise.selections.txt").to_bbox()
        audacity = crowsetta.formats.bbox.AudBBox.from_file(self.output / "noise.labels.relax-spectro.txt").to_bbox()
        self.assertEqual(len(raven), len(boxes))
        self.assertEqual(len(audacity), len(boxes))
        for expected, *read in zip(boxes, raven, audacity):
            for box in read:
                np.testing.assert_allclose(
                    [box.onset, box.offset, box.low_freq, box.high_freq],
                    [float(expected[key]) for key in ("start_s", "end_s", "low_hz", "high_hz")], atol=1e-3)
                self.assertEqual(box.label, "call")

    def test_refusals(self):
        result, _ = self.result()
        elsewhere = self.folder / "elsewhere"
        for arguments, code, expected in (
                ((result, "--threshold", "mean"), USAGE, ("--threshold is 'mean'", "se:Z")),
                ((result, "--threshold", "se:-1"), USAGE, ("--threshold is se:-1",)),
                ((result, "--min-bins", "0"), USAGE, ("--min-bins",)),
                ((self.folder / "missing.json",), FAILURE, ("missing.json",)),
                ((self.folder / "noise.wav",), FAILURE, ("noise.wav", ".json of a result"))):
            with self.subTest(arguments):
                done = self.relax("regions", *arguments, "-o", elsewhere)
                self.assertEqual(done.returncode, code, done.stderr)
                for text in expected:
                    self.assertIn(text, done.stderr)
                self.assertFalse(elsewhere.exists())
        self.tables()
        done = self.relax("regions", result, "-o", self.output)
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("--overwrite", done.stderr)


if __name__ == "__main__":
    unittest.main()
