"""masks: the file and the contact sheet."""

import re
import unittest

import numpy as np

from cli_test_case import BANDS, CliTestCase, FAILURE, FRAMES


def interpolation(cells, bins):
    """[bins, cells]: linear, half-pixel centres, held at the ends."""
    matrix = np.zeros((bins, cells))
    for b in range(bins):
        position = max(0.0, (b + 0.5) * cells / bins - 0.5)
        cell = min(int(position), cells - 1)
        matrix[b, cell] += 1 - (position - cell)
        matrix[b, min(cell + 1, cells - 1)] += position - cell
    return matrix


def expand(bits, shift, bins):
    """A mask from the law of the published RELAX package, implemented again."""
    along_frequency = interpolation(bits.shape[0], bins[0])
    along_time = interpolation(bits.shape[1], bins[1])
    upsampled = along_frequency @ bits @ along_time.T
    padded = np.pad(upsampled, [(side // 2, side // 2) for side in bits.shape], mode="reflect")
    return padded[shift[0]:shift[0] + bins[0], shift[1]:shift[1] + bins[1]]


class Masks(CliTestCase):
    def draw(self, *options, output="masks.npz"):
        path = self.folder / output
        said = self.assert_succeeds(("masks", "-o", path, *options))
        self.assertRegex(said, f"^{re.escape(str(path))}\n[0-9]+ masks; weight of a bin: mean 0\\.[0-9]+, ")
        with np.load(path) as arrays:
            return {name: arrays[name] for name in arrays.files}

    def test_expanded_masks_follow_the_published_law(self):
        for bins, grid in (((16, 20), (4, 4)), ((23, 31), (5, 7)), ((12, 40), (3, 8)),
                           ((7, 9), (7, 9)), ((10, 10), (1, 2))):
            arrays = self.draw("--shape", f"{bins[0]}x{bins[1]}", "--grid", f"{grid[0]}x{grid[1]}",
                               "-n", "50", "--expanded", output=f"{bins[0]}.npz")
            self.assertEqual(set(arrays), {"cell_bits", "shift", "masks"})
            self.assertEqual(arrays["cell_bits"].shape, (50, *grid))
            self.assertEqual(arrays["shift"].shape, (50, 2))
            self.assertEqual(arrays["masks"].shape, (50, *bins))
            self.assertEqual(arrays["masks"].dtype, np.float32)
            for bits, shift, mask in zip(arrays["cell_bits"], arrays["shift"], arrays["masks"]):
                np.testing.assert_allclose(mask, expand(bits, shift, bins), rtol=0, atol=1e-6)

    def test_hard_edges_give_each_bin_the_weight_of_its_cell(self):
        arrays = self.draw("--shape", "16x20", "--grid", "3x5", "-n", "30", "--edges", "hard",
                           "--expanded")
        self.assertEqual(set(arrays), {"cell_bits", "shift", "masks", "hard_edges"})
        self.assertEqual(arrays["hard_edges"].tolist(), [1])
        for bits, shift, mask in zip(arrays["cell_bits"], arrays["shift"], arrays["masks"]):
            rows = (2 * np.arange(16) + 1) * 3 // 32
            columns = (2 * np.arange(20) + 1) * 5 // 40
            padded = np.pad(bits[np.ix_(rows, columns)], ((1, 1), (2, 2)), mode="reflect")
            np.testing.assert_array_equal(
                mask, padded[shift[0]:shift[0] + 16, shift[1]:shift[1] + 20])

    def test_a_model_says_the_shape_and_what_units_are(self):
        arrays = self.draw("--model", self.model("rectangle"), "--grid", "500Hzx40ms", "-n", "30",
                           "--edges", "hard", "--family", "frequency", "--expanded")
        self.assertEqual(arrays["masks"].shape, (30, BANDS, FRAMES))
        self.assertEqual(arrays["cell_bits"].shape, (30, 8, 1))
        self.assertEqual(arrays["even_in_hertz"].tolist(), [1])
        longer = self.draw("--model", self.model("rectangle"), "--shape", f"{BANDS}x40", "--grid",
                           "4x40ms", "-n", "3", output="longer.npz")
        self.assertEqual(longer["cell_bits"].shape, (3, 4, 8))

    def test_cells_are_kept_with_the_probability_and_shifts_are_even(self):
        arrays = self.draw("--shape", "16x20", "--grid", "4x5", "-n", "4000", "--keep", "0.3")
        self.assertEqual(set(arrays), {"cell_bits", "shift"})
        self.assertEqual(set(np.unique(arrays["cell_bits"])), {0, 1})
        self.assertAlmostEqual(arrays["cell_bits"].mean(), 0.3, delta=0.01)
        for axis, shifts in enumerate((4, 5)):
            counts = np.bincount(arrays["shift"][:, axis])
            self.assertEqual(len(counts), shifts)
            self.assertLess(np.abs(counts / 4000 - 1 / shifts).max(), 0.04)

    def test_more_masks_of_a_seed_begin_with_the_fewer(self):
        few = self.draw("--shape", "16x20", "-n", "10", "--seed", "3", output="few.npz")
        many = self.draw("--shape", "16x20", "-n", "30", "--seed", "3", output="many.npz")
        for name in few:
            np.testing.assert_array_equal(few[name], many[name][:10])

    def test_without_a_number_there_are_3000(self):
        self.assertEqual(len(self.draw("--shape", "16x20")["shift"]), 3000)

    def test_a_contact_sheet_is_drawn_where_the_name_is_a_figures(self):
        for family in ("random", "rise", "time", "frequency", "time-frequency", "window"):
            path = self.folder / f"{family}.png"
            said = self.assert_succeeds(("masks", "--shape", "16x40", "--family", family, "--grid",
                                         "4x5", "-n", "100", "-o", path))
            self.assertRegex(said, rf"^{re.escape(str(path))}\n[0-9]+ masks; weight of a bin.*\n$")
            self.assertTrue(path.read_bytes().startswith(b"\x89PNG"), family)
        for ending, magic in (("svg", b"<?xml"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")):
            path = self.folder / f"sheet.{ending}"
            self.assert_succeeds(("masks", "--shape", "16x40", "-o", path))
            self.assertTrue(path.read_bytes().startswith(magic), ending)

    def test_the_same_masks_give_the_same_contact_sheet(self):
        pictures = []
        for name, seed in (("a.png", "1"), ("b.png", "1"), ("c.png", "2")):
            self.assert_succeeds(("masks", "--shape", "16x40", "--seed", seed, "-o",
                                  self.folder / name))
            pictures.append((self.folder / name).read_bytes())
        self.assertEqual(pictures[0], pictures[1])
        self.assertNotEqual(pictures[0], pictures[2])

    def test_the_default_file_is_masks_npz(self):
        said = self.assert_succeeds(("masks", "--shape", "16x20", "-n", "3"))
        self.assertTrue(said.startswith("masks.npz\n3 masks; "), said)
        self.assertTrue((self.folder / "masks.npz").is_file())

    def test_an_existing_file_is_kept_unless_told_otherwise(self):
        for name in ("masks.npz", "sheet.png"):
            path = self.folder / name
            arguments = ("masks", "--shape", "16x20", "-n", "3", "-o", path)
            self.assert_succeeds(arguments)
            before = path.read_bytes()
            self.assert_refused((*arguments, "--seed", 5), FAILURE, path, "--overwrite")
            self.assertEqual(path.read_bytes(), before)
            self.assert_succeeds((*arguments, "--seed", 5, "--overwrite"))
            self.assertNotEqual(path.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
