"""regions: its tables, read back by strict parsers and, where it is installed, by crowsetta."""

import csv
import unittest

import numpy as np

from cli_test_case import CliTestCase, FAILURE, USAGE, noise, write_wav

try:
    import crowsetta
except ImportError:
    crowsetta = None

BOX = ("start_s", "end_s", "low_hz", "high_hz")


def read_csv(path, separator=","):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=separator, strict=True))
    assert all(None not in row and None not in row.values() for row in rows), rows
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
    def result(self, name="noise", seconds=0.3, **changes):
        recording = write_wav(self.folder / f"{name}.wav", noise(seconds))
        arrays, _ = self.explain(recording, "--fill", "silence", masks=512, **changes)
        return self.output / f"{name}.json", arrays

    def tables(self, *options):
        """Both tables of all results, and the labels of each."""
        said = self.assert_succeeds(("regions", self.output, "-o", self.output, "--overwrite", "--quiet", *options))
        self.assertIn("regions.csv: ", said)
        return (read_csv(self.output / "regions.csv"), read_csv(self.output / "regions.selections.txt", "\t"),
                {path.name.split(".")[0]: read_audacity(path) for path in self.output.glob("*.labels.relax-spectro.txt")})

    def test_three_tables_of_one_content(self):
        _, arrays = self.result("a", model="tuple")
        self.result("b", seconds=0.9, model="tuple")  # of several windows
        boxes, selections, labels = self.tables("--least-peak", 0)
        self.assertEqual([row["Selection"] for row in selections], [str(i + 1) for i in range(len(boxes))])
        self.assertEqual({box["file"] for box in boxes}, {str(self.folder / name) for name in ("a.wav", "b.wav")})
        for box, selection, label in zip(boxes, selections, labels["a"] + labels["b"], strict=True):
            expected = [float(box[key]) for key in BOX]
            begin_s = 0.3 if box["file"].endswith("b.wav") else 0.0
            read = [float(selection[key]) for key in ("Begin Time (s)", "End Time (s)", "Low Freq (Hz)", "High Freq (Hz)")]
            np.testing.assert_allclose(np.subtract(read, (begin_s, begin_s, 0, 0)), expected, atol=1e-6)
            np.testing.assert_allclose(label[:4], expected, atol=0.05)
            self.assertAlmostEqual(float(selection["File Offset (s)"]), expected[0])
            self.assertEqual(selection["Begin Path"], box["file"])
            self.assertEqual(selection["Begin File"], box["file"][-5:])
            self.assertTrue(box["heard"].startswith(box["label"] + " "), box)
            self.assertEqual({box["label"], label[4]}, {selection["Annotation"]})
            self.assertGreater(float(box["standard_errors"]), 3)
            self.assertLess(expected[0], expected[1])
            self.assertLess(expected[2], expected[3])
        self.assertAlmostEqual(float(boxes[0]["peak_contrast"]), arrays["contrast"].max(), places=5)

    def test_the_region_that_the_model_reacts_to_is_found(self):
        _, arrays = self.result()  # the model reacts to bands 4 to 7 and frames 8 to 13
        boxes, _, _ = self.tables("--label", "call", "--top", 1)
        self.assertEqual([box["label"] for box in boxes], ["call"])
        begin_s, end_s, low_hz, high_hz = (float(boxes[0][key]) for key in BOX)
        self.assertTrue(begin_s < arrays["time_s"][10] < end_s, boxes)
        self.assertTrue(low_hz < arrays["frequency_hz"][5] < high_hz, boxes)

    def test_a_map_without_regions_has_empty_tables(self):
        self.result()
        self.assertEqual(self.tables("--threshold", 1000), ([], [], {"noise": []}))

    def test_a_map_that_is_not_above_its_noise_is_told(self):
        recording = self.noise_file("flat.wav")
        self.relax("explain", recording, "--model", self.model("constant"), "-o", self.output, "--masks", 64,
                   "--grid", "4x4", "--figure", "none", "--quiet")
        done = self.relax("regions", self.output / "flat.json", "-o", self.output)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not above their noise", done.stderr)

    def test_localise_reads_both_tables_of_boxes(self):
        results = [self.result(name)[0] for name in ("a", "b")]
        self.tables()
        rows = [list(csv.DictReader(self.assert_succeeds(
            ("localise", *results, "--boxes", self.output / table, "--quiet")).splitlines()))
            for table in ("regions.csv", "regions.selections.txt")]
        self.assertEqual(rows[0], rows[1])
        for row in rows[0]:
            self.assertEqual(row["pointing_game"], "1")
            self.assertGreater(float(row["auc"]), 0.9)

    @unittest.skipIf(crowsetta is None, "crowsetta is not installed (pip install crowsetta)")
    def test_crowsetta_reads_the_same_boxes(self):
        self.result()
        boxes, _, _ = self.tables("--label", "call")
        raven = crowsetta.formats.bbox.Raven.from_file(self.output / "regions.selections.txt").to_bbox()
        audacity = crowsetta.formats.bbox.AudBBox.from_file(self.output / "noise.labels.relax-spectro.txt").to_bbox()
        for expected, *read in zip(boxes, raven, audacity, strict=True):
            for box in read:
                np.testing.assert_allclose([box.onset, box.offset, box.low_freq, box.high_freq],
                                           [float(expected[key]) for key in BOX], atol=0.05)
                self.assertEqual(box.label, "call")

    def test_refusals(self):
        result, _ = self.result()
        elsewhere = self.folder / "elsewhere"
        for arguments, code, expected in (
                ((result, "--threshold", "mean"), USAGE, ("--threshold is 'mean'", "se:Z")),
                ((result, "--threshold", "se:-1"), USAGE, ("--threshold is se:-1",)),
                ((result, "--least-peak", "2"), USAGE, ("--least-peak is 2",)),
                ((result, "--top", "0"), USAGE, ("--top",)),
                ((self.folder / "missing.json",), FAILURE, ("missing.json",)),
                ((self.folder / "noise.wav",), FAILURE, ("noise.wav", ".json of a result"))):
            with self.subTest(arguments):
                done = self.relax("regions", *arguments, "-o", elsewhere)
                self.assertEqual(done.returncode, code, done.stderr)
                for text in expected:
                    self.assertIn(text, done.stderr)
                self.assertFalse(elsewhere.exists())
        self.tables()
        for kept in ("regions.csv", "regions.selections.txt", "noise.labels.relax-spectro.txt"):
            for path in elsewhere.glob("*"):
                path.unlink()
            elsewhere.mkdir(exist_ok=True)
            (elsewhere / kept).write_bytes((self.output / kept).read_bytes())
            done = self.relax("regions", result, "-o", elsewhere)
            self.assertEqual(done.returncode, FAILURE)
            self.assertIn("--overwrite", done.stderr)
            self.assertEqual([path.name for path in elsewhere.iterdir()], [kept])


if __name__ == "__main__":
    unittest.main()
