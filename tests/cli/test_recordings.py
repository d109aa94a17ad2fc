"""Moved recordings of results: every stage that needs one finds it, or says where it looked."""

import json
import unittest

from cli_test_case import CliTestCase, FAILURE, USAGE, quick


class MovedRecordings(CliTestCase):
    def setUp(self):
        super().setUp()
        recording = self.noise_file("old/dog.wav")
        self.explain(recording)
        self.result = self.output / "dog.json"
        self.moved = self.folder / "store/2024/dog.wav"
        self.moved.parent.mkdir(parents=True)
        recording.rename(self.moved)
        self.store = self.folder / "store"

    def commands(self):
        again = self.folder / "again"
        return (("flip", self.result, "-o", again, "--figure", "none", "--threads", "1", "--overwrite"),
                ("explain", "--config", self.result, "-o", again, "--figure", "none", "--overwrite"))

    def test_the_folder_that_they_are_in_is_enough(self):
        for command in self.commands():
            done = self.relax(*command, "--recordings", self.store)
            self.assertEqual((done.returncode, "warning" in done.stderr), (0, False), done.stderr)
        for name in ("dog", "dog.flip"):
            how = json.loads((self.folder / f"again/{name}.json").read_text(encoding="utf-8"))
            self.assertEqual(how["input"]["path"], str(self.moved))
        self.assert_succeeds(("report", self.output, "-q", "--recordings", self.store))
        self.assertIn("data:audio/wav", (self.output / "report.html").read_text(encoding="utf-8"))

    def test_beside_the_result_they_are_found_unasked(self):
        self.moved.rename(self.output / "dog.wav")
        for command in self.commands():
            done = self.relax(*command)
            self.assertEqual((done.returncode, "warning" in done.stderr), (0, False), done.stderr)

    def test_where_they_are_not_found_the_message_says_what_to_do(self):
        for command in self.commands():
            done = self.relax(*command)
            self.assertEqual(done.returncode, FAILURE)
            for text in ("old/dog.wav: cannot be read", str(self.result), "--recordings"):
                self.assertIn(text, done.stderr)
            done = self.relax(*command, "--recordings", self.folder / "mistyped")
            self.assertEqual(done.returncode, FAILURE)
            self.assertIn("mistyped: no such folder", done.stderr)
        page = self.relax("report", self.output)
        self.assertEqual(page.returncode, 0)
        self.assertIn("--recordings", page.stderr)

    def test_the_reference_of_a_score_is_found_as_well(self):
        reference = self.noise_file("old/reference.wav", 0.4)
        self.assert_succeeds(("explain", self.moved, "--model", self.model("convolution"),
                              "--reference", reference, "-o", self.output, "-q",
                              "--overwrite", *quick()))
        reference.rename(self.store / "reference.wav")
        for command in self.commands():
            self.assertEqual(self.relax(*command).returncode, FAILURE)
            done = self.relax(*command, "--recordings", self.store)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_explain_needs_a_result_whose_recordings_to_look_for(self):
        done = self.relax("explain", self.moved, "--recordings", self.store, "-o", self.output)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("--config", done.stderr)


if __name__ == "__main__":
    unittest.main()
