"""--device cuda against the processor. Skipped without such a device or LibTorch's CUDA part."""

import re
import unittest

import numpy as np

from cli_test_case import CliTestCase, noise, quick, SUCCESS, write_wav

NOT_HERE = r"--device \S+ (this LibTorch has no CUDA part|LibTorch's CUDA part cannot be loaded|there is no such CUDA device)"
RATE_HZ = 32000  # of the model that comes along
MASKS = 256


class Cuda(CliTestCase):
    forks = False  # CUDA does not support them

    def setUp(self):
        super().setUp()
        done = self.relax("explain", self.noise_file(), "--model", self.model("rectangle"), "-o", self.output, *quick(),
                          "--device", "cuda")
        if re.search(NOT_HERE, done.stderr):
            self.skipTest(done.stderr.strip())
        self.assertEqual(done.returncode, SUCCESS, done.stderr)
        self.recording = write_wav(self.folder / "two seconds.wav", noise(2.0, RATE_HZ), RATE_HZ)

    def importance(self, *options):
        output = self.folder / "-".join(options)
        done = self.relax("explain", self.recording, "-o", output, *quick(MASKS), *options)
        self.assertEqual(done.returncode, SUCCESS, done.stderr)
        with np.load(output / f"{self.recording.stem}.npz") as arrays:
            return arrays["importance"]

    def test_maps_are_those_of_the_processor(self):
        expected = self.importance("--device", "cpu")
        for options, tolerance in ((("cuda",), 1e-4), (("cuda", "--precision", "half"), 0.05),
                                   (("cuda", "--precision", "bfloat16"), 0.2)):
            with self.subTest(options):
                actual = self.importance("--device", *options)
                difference = np.abs(actual - expected).max() / np.ptp(expected)
                print(f"{' '.join(options)}: largest difference {difference:.1e} of the map's range")
                self.assertLess(difference, tolerance)

    def test_batches_of_any_size(self):
        expected = self.importance("--device", "cuda")
        actual = self.importance("--device", "cuda", "--batch-size", "7")
        self.assertLess(np.abs(actual - expected).max(), 1e-4 * np.ptp(expected))


if __name__ == "__main__":
    unittest.main()
