"""interactions: its arrays and tables, of grids, annotated events and labels."""

import csv
import unittest

import numpy as np

from cli_test_case import FAILURE, ONE_WINDOW_S, SOME_FAILED, USAGE, CliTestCase, noise, write_wav


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


class Interactions(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recording = write_wav(self.folder / "a.wav", noise(0.2))

    def command(self, *arguments):
        return ["interactions", *arguments, "-m", self.model("rectangle"), "--score", "cosine", "-o", self.output]

    def interactions(self, *arguments):
        return self.assert_succeeds(self.command(*arguments))

    def test_arrays_and_table_agree(self):
        self.interactions(self.recording, "--grid", "5x1")
        stem = self.output / "a.interactions"
        arrays = np.load(f"{stem}.npz")
        self.assertEqual(arrays["kept"].shape, (32, 5))
        z = 2.0 * arrays["kept"] - 1
        scores = arrays["scores"].mean(axis=0)
        expected = 4 * np.einsum("ni,nj,n->ij", z, z, scores) / len(z)
        np.fill_diagonal(expected, 0)
        np.testing.assert_allclose(arrays["interaction"], expected, atol=1e-9)
        np.testing.assert_allclose(arrays["main"], 2 * scores @ z / len(z), atol=1e-9)
        rows = rows_of(f"{stem}.csv")
        self.assertEqual(len(rows), 10)
        sizes = [abs(float(row["interaction"])) for row in rows]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        first = rows[0]
        value = arrays["interaction"][int(first["first"]), int(first["second"])]
        self.assertAlmostEqual(float(first["interaction"]), value, delta=1e-5 * abs(value))
        self.assertTrue((self.output / "a.interactions.png").is_file())

    def test_the_same_command_gives_the_same_arrays(self):
        self.interactions(self.recording, "--grid", "12x1", "--figure", "none")
        stem = self.output / "a.interactions"
        first = dict(np.load(f"{stem}.npz"))
        self.interactions(self.recording, "--grid", "12x1", "--figure", "none", "--overwrite")
        second = np.load(f"{stem}.npz")
        for name, array in first.items():
            np.testing.assert_array_equal(array, second[name], name)
        self.assertEqual(first["kept"].shape, (512, 12))
        self.assertEqual(first["p_adjusted"].shape, (12, 12))

    def test_annotated_events_are_parts(self):
        table = self.folder / "events.csv"
        table.write_text("start_s,end_s,low_hz,high_hz,label\n0.01,0.05,500,2000,call\n0.05,0.09,100,900,song\n")
        self.interactions(write_wav(self.recording, noise(ONE_WINDOW_S)), "--boxes", table)
        row = rows_of(self.output / "a.interactions.csv")
        self.assertEqual({r["name_1"] for r in row} | {r["name_2"] for r in row}, {"call", "song", "rest"})

    def test_annotated_events_outside_of_the_part_are_left_out(self):
        write_wav(self.recording, noise(3.0))
        table = self.folder / "events.csv"
        table.write_text("start_s,end_s,low_hz,high_hz,label\n0.1,0.2,500,2000,before\n1.01,1.05,500,2000,call\n"
                         "1.06,1.09,500,2000,song\n2.5,2.6,500,2000,after\n")
        part = ("--boxes", table, "--begin", "1", "--end")
        self.assert_refused(self.command(self.recording, "--boxes", table), USAGE, "a.wav", "windows, and parts of the time")
        self.assert_refused(self.command(self.recording, "--boxes", table, "--begin", "0.3", "--end", "0.4"), USAGE,
                            "a.wav: none of its boxes in", "between 0.300 and 0.400 s", "--begin and --end")
        done = self.relax(*self.command(self.recording, *part, 1 + ONE_WINDOW_S))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.count("a.wav: "), 1, done.stderr)
        self.assertIn("2 of 4 boxes lie outside of the part from 1.000 to 1.168 s, and are left out", done.stderr)
        row = rows_of(self.output / "a.interactions.csv")
        self.assertEqual({r["name_1"] for r in row} | {r["name_2"] for r in row}, {"call", "song", "rest"})

    def test_a_recording_that_cannot_be_read_does_not_stop_the_others(self):
        table = self.folder / "events.csv"
        table.write_text("file,start_s,end_s,low_hz,high_hz\n" + "".join(f"{name}.wav,0.01,0.05,500,2000\n" for name in "abc"))
        missing = self.folder / "b.wav"
        write_wav(self.recording, noise(ONE_WINDOW_S))
        other = write_wav(self.folder / "c.wav", noise(ONE_WINDOW_S, seed=2))
        done = self.relax(*self.command(missing, self.recording, other, "--boxes", table))
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        self.assertIn(f"{missing}: ", done.stderr)
        self.assertIn("1 of 3 recordings failed", done.stderr)
        self.assertEqual({path.stem for path in self.output.glob("*.csv")}, {"a.interactions", "c.interactions"})

    def test_labels_have_means_and_a_difference(self):
        recordings = [self.recording] + [
            write_wav(self.folder / f"{name}.wav", noise(0.2, seed=seed)) for seed, name in enumerate("bcdef", 2)
        ]
        table = self.folder / "labels.csv"
        table.write_text("file,label\n" + "".join(f"{r.name},{'xy'[i % 2]}\n" for i, r in enumerate(recordings)))
        self.interactions(*recordings, "--grid", "3x1", "--labels", table)
        rows = rows_of(self.output / "by_label.interactions.csv")
        self.assertEqual([row["label"] for row in rows], ["x"] * 3 + ["y"] * 3 + ["x - y"] * 3)
        of = {row["label"]: float(row["interaction"]) for row in rows if (row["first"], row["second"]) == ("0", "1")}
        self.assertAlmostEqual(of["x - y"], of["x"] - of["y"], places=5)
        self.assertEqual(rows[0]["groups"], "3")
        self.assertTrue((self.output / "by_label.interactions.png").is_file())

    def test_two_models_differ_over_recordings(self):
        recordings = [write_wav(self.folder / f"{name}.wav", noise(0.2, seed=seed)) for seed, name in enumerate("abcde")]
        table = self.folder / "labels.csv"
        table.write_text("file,label\n" + "".join(f"{r.name},{'xxxyy'[i]}\n" for i, r in enumerate(recordings)))
        there = self.folder / "there"
        self.assert_succeeds(["interactions", *recordings, "--grid", "3x1", "-m", self.model("convolution"),
                              "--score", "cosine", "-o", there])
        self.assert_refused(self.command(self.recording, "--against", there), USAGE, "the number of parts is 3, here 12")
        self.assert_refused(self.command(self.recording, recordings[1], "--against", self.folder / "none"), FAILURE,
                            f"--against {self.folder / 'none'}: no such folder", "a.interactions.json")
        self.assert_refused(self.command(self.recording, "--against", self.folder), FAILURE, "no result of these recordings")
        (self.folder / "link").symlink_to(there)
        before = {path: path.read_bytes() for path in there.iterdir()}
        output = self.output
        for name in ("there", "link", "there/../there"):
            self.output = self.folder / name
            done = self.relax(*self.command(*recordings, "--against", there, "--grid", "3x1", "--overwrite"))
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn("is the folder of the output (-o) too", done.stderr)
        self.assertEqual({path: path.read_bytes() for path in there.iterdir()}, before)
        self.output = output
        said = self.interactions(*recordings, "--grid", "3x1", "--labels", table, "--against", there).splitlines()
        self.assertRegex(said[-1], r"against\.interactions\.csv: .+ and .+ differ most \([+-].+\)\. Chance is not ruled out: "
                                   r"the smallest p 0\.062 is possible with 5 groups of recordings\. Give 6 or more\.$")
        differences = np.array([np.load(self.output / f"{r.stem}.interactions.npz")["interaction"]
                                - np.load(there / f"{r.stem}.interactions.npz")["interaction"] for r in recordings])
        rows = rows_of(self.output / "against.interactions.csv")
        self.assertEqual([row["label"] for row in rows], [""] * 3 + ["x"] * 3 + ["y"] * 3 + ["x - y"] * 3)
        pairs = [(int(row["first"]), int(row["second"])) for row in rows[:3]]
        values = np.array([differences[:, i, j] for i, j in pairs])
        np.testing.assert_allclose([float(row["interaction"]) for row in rows[:3]], values.mean(axis=1), rtol=1e-4)
        signs = 1 - 2 * (np.arange(32)[:, None] >> np.arange(5) & 1)
        means = signs @ values.T / 5
        t = np.abs(means) / np.sqrt((values**2).mean(axis=1) - means**2)
        p = (t.max(axis=1)[:, None] >= t[0] * (1 - 1e-9)).mean(axis=0)
        np.testing.assert_allclose([float(row["p"]) for row in rows[:3]], p, rtol=1e-4)
        self.assertTrue((self.output / "against.interactions.png").is_file())

    def test_refusals(self):
        for arguments, message in [
            (("--grid", "12x1", "--masks", "100"), "expected 4096 (all patterns) or a multiple of 512"),
            (("--grid", "1x1"), "parts to mask: 1; expected 2 to 64"),
            (("--context", "half"), "context 'half' is not known"),
        ]:
            with self.subTest(arguments=arguments):
                self.assert_refused(self.command(self.recording, *arguments), USAGE, message)
        long = write_wav(self.folder / "long.wav", noise(3.0))
        self.assert_refused(self.command(long, "--grid", "1x4"), USAGE, "long.wav", "windows, and parts of the time")

    def test_other_files_are_not_overwritten(self):
        self.output.mkdir()
        table = self.output / "a.interactions.csv"
        table.write_text("mine")
        done = self.relax(*self.command(self.recording))
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("already exists", done.stderr)
        self.assertEqual([path.name for path in self.output.iterdir()], [table.name])
        self.assertEqual(table.read_text(), "mine")


if __name__ == "__main__":
    unittest.main()
