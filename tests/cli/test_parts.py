"""Parts of recordings, by --begin and --end: times count from the recording's start."""

import csv
import unittest

import numpy as np

from cli_test_case import CliTestCase, FAILURE, ONE_WINDOW_S, RATE_HZ, SUCCESS, USAGE, noise, quick, write_wav

BEGIN_S, END_S = 0.25, 0.25 + 2 * ONE_WINDOW_S
PART = ("--begin", BEGIN_S, "--end", END_S)


class Parts(CliTestCase):
    def setUp(self):
        super().setUp()
        samples = noise(1.0)
        self.recording = write_wav(self.folder / "whole.wav", samples)
        self.cut = write_wav(self.folder / "cut.wav", samples[round(BEGIN_S * RATE_HZ):round(END_S * RATE_HZ)])
        self.arrays, self.how = self.explain(self.recording, *PART, "--seed-by", "run", model="convolution",
                                             output=self.folder / "part")
        self.result = self.folder / "part/whole.json"

    def test_a_part_is_explained_as_a_recording_that_was_cut_but_at_its_own_time(self):
        expected, _ = self.explain(self.cut, "--seed-by", "run", model="convolution",
                                   output=self.folder / "cut")
        self.assertEqual(set(self.arrays), set(expected))
        for name in expected:
            later = BEGIN_S if name == "time_s" else 0.0
            np.testing.assert_array_equal(self.arrays[name], expected[name] + later, name)
        self.assertEqual((self.how["input"]["begin_s"], self.how["input"]["end_s"]), (BEGIN_S, END_S))
        self.assertAlmostEqual(self.how["input"]["duration_s"], END_S - BEGIN_S)
        self.assertEqual(self.how["windows"][0]["first_frame_s"], self.arrays["time_s"][0])

    def test_what_reads_the_result_reads_the_part(self):
        self.assert_succeeds(("explain", "--config", self.result, "-o", self.folder / "again", "--figure", "none", "-q"))
        self.assertEqual((self.folder / "again/whole.npz").read_bytes(), self.result.with_suffix(".npz").read_bytes())
        self.assert_succeeds(("flip", self.result, "-o", self.folder, "-q", "--figure", "none"))
        self.assert_succeeds(("sanity", self.result, "-o", self.folder, "-q", "--figure", "none", "--shuffles", 3))
        self.assert_succeeds(("report", self.folder / "part", "-o", self.folder / "page.html"))
        boxes = self.folder / "boxes.csv"
        boxes.write_text(f"start_s,end_s\n0,0.1\n{BEGIN_S + 0.05},{BEGIN_S + 0.1}\n0.9,1\n", encoding="utf-8")
        done = self.relax("localise", self.result, "--boxes", boxes)
        self.assertEqual(done.returncode, SUCCESS, done.stderr)
        self.assertEqual([row["boxes"] for row in csv.DictReader(done.stdout.splitlines())], ["1"])
        boxes.write_text("start_s,end_s\n0,0.1\n", encoding="utf-8")
        self.assertIn("no box lies in the part", self.relax("localise", self.result, "--boxes", boxes).stderr)

    def test_a_batch_takes_the_part_of_each_and_makes_it_again_where_it_is_another(self):
        batch = ("batch", self.recording, "--model", self.model("rectangle"), *quick(), "-q", "-o", self.output)
        self.assert_succeeds((*batch, *PART))
        self.assert_succeeds((*batch, *PART))
        done = self.relax(*batch, "--begin", BEGIN_S)
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn(f"input.end_s is {END_S}, now null", done.stderr)

    def test_parts_that_cannot_be_are_refused(self):
        explain = ("explain", self.recording, "--model", self.model("rectangle"), "-o", self.output)
        self.assert_refused((*explain, "--begin", 3), FAILURE, self.recording, "has no frames from 3 s on")
        self.assert_refused((*explain, "--begin", 0.5, "--end", 0.5), USAGE, "end is 0.5 s", "more than the begin")
        self.assert_refused((*explain, "--begin", -1), USAGE, "begin is -1 s")


if __name__ == "__main__":
    unittest.main()
