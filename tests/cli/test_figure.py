"""figure: stacked maps of one recording."""

import struct
import unittest

from cli_test_case import CliTestCase, FAILURE, USAGE, noise, write_wav


def png_size(path):
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", data[:8]
    return struct.unpack(">II", data[16:24])


class Figures(CliTestCase):
    def result(self, recording, folder, *options, **explaining):
        self.explain(recording, *options, output=self.folder / folder, **explaining)
        return self.folder / folder / f"{recording.stem}.json"

    def test_a_panel_for_each_map_of_each_result(self):
        recording = self.noise_file()
        results = [self.result(recording, f"seed{seed}", "--seed", seed) for seed in range(2)]
        heights = []
        for maps in ("contrast,uncertainty", "contrast,uncertainty,standard_error"):
            self.assert_succeeds(("figure", *results, "--map", maps, "-o", self.output / f"{maps}.png"))
            width, height = png_size(self.output / f"{maps}.png")
            self.assertEqual(width, 1400)
            heights.append(height)
        self.assertEqual(heights[1] - heights[0], 2 * 2 * (120 + 22))

    def test_a_part_of_the_time_and_what_is_faded(self):
        result = self.result(self.noise_file(duration_s=1.0), "one")
        drawn = set()
        for options in ((), ("--begin", 0.2), ("--end", 0.8), ("--fade", 0), ("--fade", "family-wise")):
            figure = self.output / "maps.png"
            self.assert_succeeds(("figure", result, *options, "-o", figure, "--overwrite"))
            drawn.add(figure.read_bytes())
        self.assertEqual(len(drawn), 5)
        figure.unlink()
        self.assert_refused(("figure", result, "--begin", 7, "-o", figure), USAGE, "from 7 s to", "has no frame")
        self.assert_refused(("figure", result, "--fade", "half", "-o", figure), USAGE, "--fade: 'half'")

    def test_the_verdict_below_knows_the_test_beside_the_result(self):
        result = self.result(self.noise_file(), "one", "--fill", "silence", masks=200)
        pictures = []
        for _ in range(2):
            figure = self.output / f"{len(pictures)}.svg"
            self.assert_succeeds(("figure", result, "-o", figure))
            pictures.append(figure.read_bytes())
            self.assert_succeeds(("flip", result, "-o", self.folder / "one", "-q", "--figure", "none", "--overwrite"))
        self.assertNotEqual(*pictures)

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
