"""featout: its copies against a second implementation, its controls, and what gets no copy."""

import csv
import json
import unittest

import numpy as np

from cli_test_case import FAILURE, ONE_WINDOW_S, RATE_HZ, USAGE, CliTestCase, noise, quick, tone, write_wav


def smoothed(contrast):
    wide = np.pad(contrast, 1)
    rows, columns = contrast.shape
    return sum(wide[i:i + rows, j:j + columns] for i in range(3) for j in range(3)) / 9


def contrast_errors(arrays, result):
    """Standard errors of the contrast of a recording with one window."""
    (window,) = result["windows"]
    h, variance = window["noise_to_contrast"], arrays["contrast"].var()
    error = arrays["standard_error"]
    return error * np.sqrt(variance * h**2 / (1 + h**2) / np.mean(error**2))


def distance(shape, centre, axes):
    rows, columns = np.ogrid[:shape[0], :shape[1]]
    return np.sqrt(((rows - centre[0]) / axes[0])**2 + ((columns - centre[1]) / axes[1])**2)


def peaks(values, floor, most, share):
    """Centres, strengths and semi-axes, one after the other."""
    block = np.sqrt(share / (np.pi * most)) * np.array(values.shape)
    free, found = values.copy(), []
    for _ in range(most):
        centre = np.unravel_index(np.argmax(free), free.shape)
        if not free[centre] > floor[centre]:
            break
        strength = (values[centre] - values.min()) / (values.max() - values.min())
        found.append((centre, strength, block * max(strength, 0.2)))
        free[distance(values.shape, centre, block) < 1] = -np.inf
        free[centre] = -np.inf
    return found


def weights_of(patches, shape, profile):
    weights = np.zeros(shape)
    for centre, strength, axes in patches:
        d = distance(shape, centre, axes)
        fall = np.where(d < 1, 1 if profile == "flat" else (1 + np.cos(np.pi * d)) / 2, 0)
        weights = np.maximum(weights, strength * fall)
    return weights


def copy_of(arrays, result, most=3, share=0.1, min_se=2, profile="flat", most_mass=0.7, fill="band-mean", keep=False):
    contrast = arrays["contrast"].astype(float)
    patches = peaks(smoothed(contrast), min_se * contrast_errors(arrays, result), most, share)
    if keep:
        patches = peaks(smoothed(-contrast), np.full(contrast.shape, -np.inf), len(patches), share * len(patches) / most)
    positive = np.maximum(contrast, 0)
    mass = (weights_of(patches, contrast.shape, profile) * positive).sum() / positive.sum()
    if mass > most_mass and not keep:
        patches = [(centre, strength * most_mass / mass, axes) for centre, strength, axes in patches]
    weights = weights_of(patches, contrast.shape, profile)
    own = arrays["spectrogram"].astype(float)
    into = own.mean(axis=1, keepdims=True) if fill == "band-mean" else 0
    return patches, weights, own + weights * (into - own)


class Featout(CliTestCase):
    files = ("dog.wav", "cat.wav")
    labels = ("low", "high")

    def setUp(self):
        super().setUp()
        for name, label, hertz in zip(self.files, self.labels, (700, 3000)):
            write_wav(self.folder / name, tone(hertz, ONE_WINDOW_S) * np.hanning(ONE_WINDOW_S * RATE_HZ)
                      + noise(ONE_WINDOW_S, seed=len(label)))
        self.write_labels("file,label,group,fold", *(f"{name},{label},site,1" for name, label in zip(self.files, self.labels)))
        done = self.relax("batch", "labels.csv", "-m", self.model("tuple"), *quick(512), "--score", "label", "-o", "maps")
        self.assertEqual(done.returncode, 0, done.stderr)

    def write_labels(self, *lines):
        (self.folder / "labels.csv").write_text("\n".join(lines) + "\n")

    def command(self, *options, output="copies"):
        return ("featout", "maps", "--labels", "labels.csv", "--which", "all", "-o", output, *options)

    def copies(self, *options, output="copies", stderr=""):
        """The table, and the arrays of each copy."""
        self.assert_succeeds(self.command(*options, output=output), stderr=stderr)
        rows = self.table(output)
        return rows, [self.load(f"{output}/{row['file']}") for row in rows]

    def table(self, output):
        with open(self.folder / output / "manifest.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file, strict=True))

    def load(self, name):
        with np.load(self.folder / name) as arrays:
            return {key: arrays[key] for key in arrays.files}

    def test_copies_are_those_of_the_definition(self):
        for number, (options, how) in enumerate((
            ((), {}),
            (("--patches", 5, "--share", 0.4, "--most-mass", 0.2, "--profile", "cosine"),
             {"most": 5, "share": 0.4, "most_mass": 0.2, "profile": "cosine"}),
            # As published, but for ellipses instead of discs.
            (("--fill", "zero", "--min-se", 0, "--most-mass", 1), {"fill": "zero", "min_se": 0, "most_mass": 1}),
            (("--round", "1/5", "--control", "keep"), {"most": 3, "keep": True}),
        )):
            rows, copies = self.copies(*options, output=f"copies-{number}")
            self.assertEqual(len(rows), 2)
            for row, copy in zip(rows, copies):
                stem = row["file"].removesuffix(".featout.npz")
                result = json.loads((self.folder / f"maps/{stem}.json").read_text(encoding="utf-8"))
                arrays = self.load(f"maps/{stem}.npz")
                patches, weights, spectrogram = copy_of(arrays, result, **how)
                self.assertEqual(int(row["patches"]), len(patches), options)
                np.testing.assert_allclose([float(part) for part in row["strength"].split(";")],
                                           [strength for _, strength, _ in patches], rtol=1e-5)
                np.testing.assert_allclose(copy["weight"], weights, atol=1e-6)
                np.testing.assert_allclose(copy["spectrogram"], spectrogram, atol=1e-6)
                np.testing.assert_array_equal(copy["time_s"], arrays["time_s"])
                np.testing.assert_array_equal(copy["frequency_hz"], arrays["frequency_hz"])
                inside = [arrays["time_s"][columns].tolist() for columns in
                          (np.flatnonzero((distance(weights.shape, c, axes) < 1).any(axis=0))[[0, -1]] for c, _, axes in patches)]
                np.testing.assert_allclose([[float(a), float(b)] for a, b in
                                            zip(row["begin_s"].split(";"), row["end_s"].split(";"))], inside, rtol=1e-5)
                positive = np.maximum(arrays["contrast"], 0)
                self.assertAlmostEqual(float(row["touched"]), np.mean(weights > 0), delta=1e-4)
                self.assertAlmostEqual(float(row["mass"]), (weights * positive).sum() / positive.sum(), delta=1e-4)

    def test_the_logits_are_those_of_the_model(self):
        rows, _ = self.copies()
        for row, label in zip(rows, ("high", "low")):
            self.assertEqual(row["label"], label)
            self.assertLess(float(row["logit_after"]), float(row["logit_before"]))
        self.assertEqual([(row["group"], row["fold"]) for row in rows], [("site", "1")] * 2)

    def test_the_sound_has_the_input_of_its_copy(self):
        self.assert_succeeds(self.command("--wav"))
        for row in self.table("copies"):
            name = row["file"]
            self.assertTrue(name.endswith(".featout.wav"), name)
            copy = self.load(f"copies/{name.replace('.wav', '.npz')}")
            own = self.load(f"maps/{name.replace('.featout.wav', '.npz')}")["spectrogram"]
            self.assert_succeeds(("spectrogram", f"copies/{name}", "-m", self.model("tuple"), "-o", "seen", "--figure", "none",
                                  "-q"))
            seen = self.load(f"seen/{name.replace('.featout.wav', '.featout_wav')}.spectrogram.npz")["spectrogram"]
            changed = np.sqrt(np.mean((own - copy["spectrogram"]) ** 2))
            self.assertLess(np.sqrt(np.mean((seen[:, :own.shape[1]] - copy["spectrogram"]) ** 2)), 0.5 * changed)

    def test_controls_have_as_many_places(self):
        salient, of_salient = self.copies(output="salient")
        random, of_random = self.copies("--control", "random", output="random")
        kept, _ = self.copies("--control", "keep", output="keep")
        for i, row in enumerate(salient):
            self.assertEqual(random[i]["strength"], row["strength"])
            self.assertEqual(kept[i]["patches"], row["patches"])
            self.assertFalse(np.array_equal(of_random[i]["weight"], of_salient[i]["weight"]))
            self.assertLess(float(kept[i]["mass"]), 0.5 * float(row["mass"]))
        again, _ = self.copies("--control", "random", output="again")
        self.assertEqual(again, random)
        other, _ = self.copies("--control", "random", "--seed", 2, output="other")
        self.assertNotEqual(other, random)

    def test_the_same_command_gives_the_same_bytes_and_overwrites_nothing_else(self):
        self.copies()
        folder = self.folder / "copies"
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        self.assertEqual(set(before), {"cat.featout.npz", "dog.featout.npz", "manifest.csv"})
        self.assertEqual(self.relax(*self.command()).returncode, FAILURE)
        self.copies("--overwrite")
        self.assertEqual({path.name: path.read_bytes() for path in folder.iterdir()}, before)
        (folder / "manifest.csv").unlink()  # as after an interruption
        (folder / "cat.featout.npz").unlink()
        self.assertIn("dog.featout.npz: already exists", self.relax(*self.command()).stderr)
        self.assertEqual([path.name for path in folder.iterdir()], ["dog.featout.npz"])
        self.copies("--overwrite")
        (folder / "manifest.csv").write_text("mine\n")
        done = self.relax(*self.command("--overwrite"))
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("did not make it", done.stderr)
        self.assertEqual((folder / "manifest.csv").read_text(), "mine\n")

    def test_what_gets_no_copy_is_named(self):
        self.write_labels("file,label", "dog.wav,low", "cat.wav,low")
        done = self.relax(*self.command())
        self.assertIn("cat.json: left out: the map is of logit:high, not of its label low", done.stderr)
        (row,) = self.table("copies")
        self.assertEqual((row["label"], row["group"]), ("low", "dog.wav"))
        self.assertNotIn("fold", row)  # the table of labels has none
        for choice, message in (("correct", "left out: the model hears "), ("confident:1", "has a probability below 1")):
            done = self.relax("featout", "maps", "--labels", "labels.csv", "--which", choice, "-o", choice[:4])
            self.assertIn(message, done.stderr)
        done = self.relax(*self.command("--min-se", 1000, output="none"))
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("no place is above 1000 standard errors", done.stderr)
        self.assertIn("no recording gets a copy", done.stderr)
        self.assertFalse(any((self.folder / "none").glob("*")))

    def test_a_copy_that_is_left_out_later_does_not_stay(self):
        self.assertEqual(self.relax(*self.command("--wav")).returncode, 0)
        self.write_labels("file,label", "dog.wav,low", "cat.wav,low")
        self.assertEqual(self.relax(*self.command("--overwrite")).returncode, 0)
        self.assertEqual({path.name for path in (self.folder / "copies").iterdir()}, {"dog.featout.npz", "manifest.csv"})

    def test_without_the_model_logits_are_empty(self):
        for result in (self.folder / "maps").glob("*.json"):
            result.write_text(result.read_text().replace(str(self.model("tuple")), "gone.pt"))
        rows, _ = self.copies(stderr="relax-spectro: warning: gone.pt: is not there, so copies are not tested for their label\n")
        self.assertEqual([row["logit_after"] for row in rows], ["", ""])

    def test_refusals(self):
        for options, message in (
            (("--which", "most"), "expected correct, all or confident:P"),
            (("--round", "5/5"), "expected R/N with R from 0 to N - 1"),
            (("--round", "0/5"), "suppresses nothing"),
            (("--share", 2), "expected a number above 0 and up to 1"),
            (("--control", "kept"), "it is one of: random, keep"),
        ):
            with self.subTest(options=options):
                done = self.relax("featout", "maps", "--labels", "labels.csv", "-o", "refused", *options)
                self.assertEqual(done.returncode, USAGE, done.stderr)
                self.assertIn(message, done.stderr)
        self.assertFalse((self.folder / "refused/manifest.csv").exists())


if __name__ == "__main__":
    unittest.main()
