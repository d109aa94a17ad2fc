"""figure: stacked maps of one recording."""

import struct
import unittest

from cli_test_case import CliTestCase, FAILURE, USAGE, noise, write_wav


def png_size(path):
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", data[:8]
    return struct.unpack(">II", data[16:24])


class Figures(CliTestCase):
    def result(self, recording, folder, *options, model="rectangle"):
        self.explain(recording, *options, model=model, output=self.folder / folder)
        return self.folder / folder / f"{recording.stem}.json"

    def test_a_panel_for_each_result(self):
        recording = self.noise_file()
        results = [self.result(recording, f"seed{seed}", "--seed", seed) for seed in range(5)]
        heights = []
        for count in (4, 5):
            self.assert_succeeds(("figure", *results[:count], "-o", self.output / f"{count}.png"))
            width, height = png_size(self.output / f"{count}.png")
            self.assertEqual(width, 1400)
            heights.append(height)
        self.assertEqual(heights[1] - heights[0], 2 * (120 + 22))

    def test_every_format(self):
        result = self.result(self.noise_file(), "one")
        for ending, begin in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")):
            figure = self.output / f"maps.{ending}"
            self.assert_succeeds(("figure", result, "--map", "uncertainty", "-o", figure), stdout=f"{figure}\n")
            self.assertTrue(figure.read_bytes().startswith(begin))

    def test_refusals(self):
        one = self.result(self.noise_file("one.wav"), "one")
        two = self.result(write_wav(self.folder / "two.wav", noise(0.3, seed=2)), "two")
        figure = self.output / "maps.png"
        for arguments, code, expected in (
                ((one, two), USAGE, ("two.json", "one.json", "one recording")),
                ((one, "--map", "loudness"), USAGE, ("--map",)),
                ((one, "--map", "repeat_probability"), FAILURE, ("one.npz", "repeat_probability")),
                ((self.folder / "missing.json",), FAILURE, ("missing.json",))):
            with self.subTest(arguments):
                self.assert_refused(("figure", *arguments, "-o", figure), code, *expected)
        self.assert_refused(("figure", one, "-o", self.output / "maps.txt"), USAGE, "maps.txt", ".svg")
        self.assert_succeeds(("figure", one, "-o", figure))
        before = figure.read_bytes()
        done = self.relax("figure", one, "-o", figure)
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("--overwrite", done.stderr)
        self.assertEqual(figure.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
