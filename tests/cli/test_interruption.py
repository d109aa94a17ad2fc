"""SIGINT and SIGTERM: exit code 130, finished results kept, nothing half-made left. (batch: test_batch_again.py)"""

import signal
import subprocess
import time
import unittest

from cli_test_case import CliTestCase, ENVIRONMENT, noise, quick, write_wav

INTERRUPTED = 130


class Interruption(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recordings = [write_wav(self.folder / f"{i}.wav", noise(0.3, seed=i)) for i in range(8)]

    def assert_interrupted(self, arguments, number, first):
        """Runs a command, interrupts it when its first file exists, and returns the files that it leaves."""
        command = [str(self.programs / "relax-spectro"), *map(str, arguments)]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=ENVIRONMENT)
        deadline = time.monotonic() + 60
        while not first.exists() and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        run.send_signal(number)
        said, errors = run.communicate(timeout=60)
        self.assertEqual(run.returncode, INTERRUPTED, said + errors)
        self.assertEqual(errors, "relax-spectro: interrupted\n")
        return self.files_left()

    def test_explain_keeps_what_is_finished_and_leaves_nothing_else(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.output = self.folder / f"results-{number}"
                left = self.assert_interrupted(
                    ("explain", *self.recordings, "--model", self.model("convolution"), "-o", self.output,
                     *quick(masks=20000)), number, self.output / "0.json")
                self.assertLess(len(left), 16)
                self.assertEqual(left, [f"{i}.{ending}" for i in range(len(left) // 2) for ending in ("json", "npz")])

    def test_flip_does_likewise(self):
        maps = self.folder / "maps"
        self.assert_succeeds(("explain", *self.recordings, "--model", self.model("convolution"), "-o", maps, "-q", *quick()))
        left = self.assert_interrupted(
            ("flip", *(maps / f"{i}.json" for i in range(8)), "-o", self.output, "--figure", "none", "--random", "2000"),
            signal.SIGTERM, self.output / "0.flip.json")
        self.assertLess(len(left), 16)
        self.assertEqual(left, [f"{i}.flip.{ending}" for i in range(len(left) // 2) for ending in ("json", "npz")])


if __name__ == "__main__":
    unittest.main()
