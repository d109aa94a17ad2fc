"""compare: its tables, its sentence, and what it refuses."""

import csv
import json
import unittest

from cli_test_case import ONE_WINDOW_S, USAGE, CliTestCase, noise, write_wav

RECORDINGS = 8


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def summary_of(folder):
    return json.loads((folder / "comparison.json").read_text())["comparisons"][0]["verdict"]


class Compare(CliTestCase):
    def results(self, folder, *options, model="rectangle"):
        for i in range(RECORDINGS):
            recording = write_wav(self.folder / f"{i}.wav", noise(ONE_WINDOW_S, seed=i))
            self.explain(recording, "--score", "cosine", *options, model=model, output=self.folder / folder, masks=256)
        return folder

    def test_two_models_differ_and_a_model_does_not_differ_from_itself(self):
        a, b = self.results("a"), self.results("b", model="convolution")
        again = self.results("again", "--seed", 1)
        labels = self.folder / "labels.csv"
        labels.write_text("file,label\n" + "".join(f"{i}.wav,{'xy'[i >= 3]}\n" for i in range(RECORDINGS)))
        said = self.relax("compare", a, b, again, "--labels", labels, "-o", self.output, "-q")
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        self.assertIn("a and b, 8 recordings: b listens more than a to ", said.stdout)
        self.assertIn("a and again, 8 recordings: No difference is shown", said.stdout)
        profile = rows_of(self.output / "profile.csv")
        self.assertEqual({(row["compared"], row["label"]) for row in profile},
                         {("b", ""), ("b", "y"), ("again", ""), ("again", "y")})
        for row in profile:
            self.assertAlmostEqual(float(row["difference"]), float(row["b"]) - float(row["a"]), delta=1e-5)
        self.assertEqual({row["groups"] for row in profile if row["label"] == "y"}, {"5"})
        self.assertEqual(len(rows_of(self.output / "recordings.csv")), 2 * RECORDINGS)
        page = (self.output / "comparison.html").read_text()
        self.assertEqual((self.output / "comparison.png").read_bytes()[:4], b"\x89PNG")
        for shown in ("b against a</h2>", "again against a</h2>", "contour-b", "<code>cosine</code>", "None is shown",
                      summary_of(self.output)):
            self.assertIn(shown, page)
        clusters = rows_of(self.output / "clusters.csv")
        regions = rows_of(self.output / "regions.csv")
        self.assertEqual(sum(int(row["regions"]) for row in clusters), len(regions))
        for number, row in enumerate(row for row in clusters if row["compared"] == "b"):
            self.assertEqual(int(row["cluster"]), number)
            members = [one for one in regions if one["compared"] == "b" and one["cluster"] == row["cluster"]]
            area = sum(float(one["share"]) for one in members)
            mean = sum(float(one["difference"]) * float(one["share"]) for one in members) / area
            self.assertIn(row["more"], ("a", "b"))
            if row["t"]:
                self.assertAlmostEqual(float(row["difference"]), mean, delta=1e-4 * abs(mean) + 1e-6)
        summary = json.loads((self.output / "comparison.json").read_text())
        self.assertEqual([one["recordings"] for one in summary["comparisons"]], [RECORDINGS] * 2)
        self.assertIn("seeds differ", summary["comparisons"][1]["notes"][-1])
        for recording in self.folder.glob("*.wav"):
            recording.unlink()
        said = self.relax("compare", a, b, b, "--clusters", 1, "-o", self.output, "--overwrite").stderr
        warnings = [line for line in said.splitlines() if "cannot play" in line]
        self.assertTrue(warnings)
        self.assertEqual(len(warnings), len(set(warnings)), said)

    def test_refusals(self):
        a = self.results("a")
        self.assert_refused(("compare", a, "-o", self.output), USAGE, "one folder", "two or more")
        b = self.results("b", "--fill", "mean")
        self.assert_refused(("compare", a, b, "-o", self.output), USAGE, "and b/", "options.fill is")


if __name__ == "__main__":
    unittest.main()
