"""probe: its three files and its table, from embeddings that are made here and by embed."""

import csv
import json
import re
import unittest

import numpy as np

from cli_test_case import BANDS, CliTestCase, FAILURE, SOME_FAILED, USAGE, tone, write_wav

CLASSES = ("owl", "wren", "tit")


class Probe(CliTestCase):
    def embeddings(self, recordings=60, shift=6.0):
        """Two windows a recording. Their mean tells the classes apart in one of four features."""
        random = np.random.default_rng(1)
        means = random.normal(size=(recordings, 4))
        means[:, 0] += shift * (np.arange(recordings) % 3)
        windows = np.repeat(means, 2, axis=0) + np.tile([[1.0], [-1.0]], (recordings, 1))
        np.savez(self.folder / "e.npz", embedding=windows.astype(np.float32),
                 bands=random.normal(size=(2 * recordings, 6)), file_index=np.repeat(np.arange(recordings), 2))
        files = [f"calls/{i}.wav" for i in range(recordings)]
        (self.folder / "e.json").write_text(json.dumps({
            "format": "relax-spectro embeddings", "format_version": 1, "files": files, "labels": [],
            "model": {"path": "m.pt", "sha256": "ab", "name": "m"}}))
        return [{"file": f"{i}.wav", "label": CLASSES[i % 3], "group": f"site {i // 6}", "fold": i // 6 % 3}
                for i in range(recordings)]

    def table(self, rows):
        with open(self.folder / "labels.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def probe(self, *options):
        return ("probe", "e.npz", "--labels", "labels.csv", "-o", "out/birds", *options)

    def test_three_files_and_a_table(self):
        self.table(self.embeddings())
        said = self.assert_succeeds(self.probe())
        self.assertRegex(said, r"(?m)^ +precision    recall  f1-score   support  95 % intervals$")
        self.assertRegex(said, r"(?m)^         owl       1\.00      1\.00      1\.00        20  0\.84–1\.00  0\.84–1\.00")
        self.assertRegex(said, r"(?m)^    accuracy                           1\.00        60")
        self.assertTrue(said.endswith("out/birds.probe.json\n"), said)

        found = json.loads((self.folder / "out/birds.probe.json").read_text(encoding="utf-8"))
        self.assertEqual(found["labels"], sorted(CLASSES))
        self.assertEqual(found["model"], {"path": "m.pt", "sha256": "ab", "name": "m"})
        self.assertEqual([fold["name"] for fold in found["folds"]], ["0", "1", "2"])
        self.assertLess(max(fit["error_bound"] for fit in (found["fit"], *found["folds"])), 1e-7)
        shuffled = found["controls"]["shuffled_labels"]
        self.assertTrue(shuffled["interval"][0] < 1 / 3 < shuffled["interval"][1], shuffled)

        self.assertLess(found["controls"]["bands"]["accuracy"], 0.6)

        with np.load(self.folder / "out/birds.probe.npz") as arrays, np.load(self.folder / "e.npz") as given:
            mean = given["embedding"].astype(float).reshape(60, 2, 4).mean(axis=1)
            decided = (mean @ arrays["weights"].T + arrays["bias"]).argmax(axis=1)
            files = [int(entry["file"][6:-4]) for entry in found["predictions"]]
            np.testing.assert_array_equal(decided[files], arrays["label"])
            np.testing.assert_allclose(arrays["probability"].sum(axis=1), 1)
            np.testing.assert_array_equal(arrays["logits"].argmax(axis=1), arrays["label"])
        with open(self.folder / "out/birds.report.csv", encoding="utf-8", newline="") as file:
            report = {(row["measure"], row["label"]): row for row in csv.DictReader(file, strict=True)}
        self.assertEqual(report["accuracy", ""]["value"], "1")
        self.assertEqual(len(report), len(found["measures"]))

        self.assertTrue((self.folder / "out/birds.probe.png").read_bytes().startswith(b"\x89PNG"))
        self.assertEqual(found["verdict"][:16], "Accuracy 1.000 (")

        self.assertEqual(self.relax(*self.probe()).returncode, FAILURE)  # exists already
        before = (self.folder / "out/birds.probe.npz").read_bytes()
        self.assertEqual(self.assert_succeeds(self.probe("--overwrite")), said)
        self.assertEqual((self.folder / "out/birds.probe.npz").read_bytes(), before)

    def test_a_page_shows_the_probe(self):
        rows = self.embeddings()
        self.table([{**row, "label": row["label"].replace("tit", "<tit>")} for row in rows])
        self.assert_succeeds(self.probe())
        self.assert_succeeds(("report", "out", "-o", "page.html"))
        page = (self.folder / "page.html").read_text(encoding="utf-8")
        for shown in ("Probe birds</h2>", "Accuracy 1.000 (95 %: ", "&lt;tit&gt;</th><td class=\"number\">1.00</td>",
                      "A probe on the bands of the model", "data:image/png;base64,iVBORw0KGgo"):
            self.assertIn(shown, page)
        text = (self.folder / "out/birds.probe.json").read_text(encoding="utf-8")
        (self.folder / "out/bad.probe.json").write_text(text.replace('"verdict"', '"said"'), encoding="utf-8")
        done = self.relax("report", "out/birds.probe.json", "out/bad.probe.json", "-o", "page.html", "--overwrite")
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        self.assertIn("bad.probe.json: verdict is missing", done.stderr)
        self.assertIn("verdict is missing", (self.folder / "page.html").read_text(encoding="utf-8"))

    def test_a_leak_is_refused_unless_it_is_allowed(self):
        rows = self.embeddings()
        rows[0]["fold"] = 2  # its site stays in fold 0
        self.table(rows)
        refused = self.relax(*self.probe())
        self.assertEqual(refused.returncode, USAGE)
        self.assertIn("1 group is in several folds", refused.stderr)
        self.assertIn("site 0;", refused.stderr)
        self.assertEqual(self.files_left(), [])
        allowed = self.relax(*self.probe("--allow-leak"))
        self.assertEqual(allowed.returncode, 0)
        self.assertIn("site 0", allowed.stderr)
        again = self.relax(*self.probe("--folds", 4, "--overwrite", "--figure", "none"))  # of whole groups
        self.assertEqual(again.returncode, 0)

    def test_what_cannot_be_read_is_named(self):
        rows = self.embeddings()
        self.table(rows[:-12])
        refused = self.relax(*self.probe())
        self.assertEqual(refused.returncode, FAILURE)
        self.assertIn("labels.csv: has no line for 12 recordings: calls/48.wav, ", refused.stderr)
        self.assertIn("calls/57.wav, …", refused.stderr)
        self.table([{**row, "label": "owl"} for row in rows])
        refused = self.relax(*self.probe())
        self.assertEqual(refused.returncode, USAGE)
        self.assertIn("1 different labels", refused.stderr)
        self.table(rows)
        for options, what in ((("--folds", "site"), "--folds"), (("--c", 0), "C is 0"), (("--c", "weak"), "--c")):
            refused = self.relax(*self.probe(*options))
            self.assertEqual(refused.returncode, USAGE, options)
            self.assertIn(what, refused.stderr)
        np.savez(self.folder / "e.npz", embedding=np.full((120, 4), np.nan), bands=np.zeros((120, 2)),
                 file_index=np.repeat(np.arange(60), 2))
        refused = self.relax(*self.probe())
        self.assertEqual(refused.returncode, FAILURE)
        self.assertIn("embedding has a value that is not a finite number", refused.stderr)

    def test_recordings_without_a_label_are_left_out(self):
        rows = self.embeddings()
        for row in rows[:6]:
            row["label"] = ""
        self.table(rows)
        done = self.relax(*self.probe())
        self.assertEqual(done.returncode, 0)
        self.assertIn("6 recordings have no label", done.stderr)
        found = json.loads((self.folder / "out/birds.probe.json").read_text(encoding="utf-8"))
        self.assertEqual((found["recordings"], found["without_label"]), (54, 6))

    def test_a_class_map_renames_and_drops(self):
        self.table(self.embeddings())
        (self.folder / "map.csv").write_text("from,to\nwren,small\ntit,small\n", encoding="utf-8")
        said = self.assert_succeeds(self.probe("--class-map", "map.csv", "--figure", "none"))
        self.assertRegex(said, r"(?m)^recordings    before     after\n\n       owl        20        20\n"
                               r"     small         0        40\n       tit        20         0\n")
        found = json.loads((self.folder / "out/birds.probe.json").read_text(encoding="utf-8"))
        self.assertEqual(found["labels"], ["owl", "small"])
        self.assertEqual(found["class_map"], {"path": "map.csv", "before": {"owl": 20, "tit": 20, "wren": 20},
                                              "after": {"owl": 20, "small": 40}})

        (self.folder / "map.csv").write_text("from,to\ntit,\ntti,wren\n", encoding="utf-8")
        done = self.relax(*self.probe("--class-map", "map.csv", "--overwrite", "--intervals", "none",
                                      "--class-weight", "balanced"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("map.csv: no recording has the labels: tti", done.stderr)
        found = json.loads((self.folder / "out/birds.probe.json").read_text(encoding="utf-8"))
        self.assertEqual((found["labels"], found["recordings"]), (["owl", "wren"], 40))
        self.assertEqual({m["name"] for m in found["measures"] if m["interval"]}, {"accuracy", "precision", "recall"})

        for text, what in (("from,to\ntit,wren\ntit,owl\n", "map.csv: line 3: 'tit' has a line already"),
                           ("label,to\ntit,wren\n", "lacks the column from or to")):
            (self.folder / "map.csv").write_text(text, encoding="utf-8")
            refused = self.relax(*self.probe("--class-map", "map.csv", "--overwrite"))
            self.assertEqual(refused.returncode, FAILURE)
            self.assertIn(what, refused.stderr)

    def test_windows_are_learnt_and_recordings_are_tested(self):
        self.table(self.embeddings())
        self.assert_succeeds(self.probe("--c", 1))
        with np.load(self.folder / "out/birds.probe.npz") as arrays:
            by_recording = arrays["weights"]
        self.assert_succeeds(self.probe("--c", 1, "--unit", "window", "--overwrite"))
        found = json.loads((self.folder / "out/birds.probe.json").read_text(encoding="utf-8"))
        self.assertEqual((found["options"]["unit"], found["recordings"]), ("window", 60))
        with np.load(self.folder / "out/birds.probe.npz") as arrays:
            self.assertEqual(arrays["logits"].shape, (60, 3))
            self.assertGreater(abs(arrays["weights"] - by_recording).max(), 0.01)

    def test_embeddings_of_a_network(self):
        rows = []
        for i in range(12):
            path = write_wav(self.folder / f"{i}.wav", tone(1900 if i % 2 else 200 + 10 * i, 0.4))
            rows.append({"file": path, "label": "high" if i % 2 else "low", "group": i})
        self.table(rows)
        self.assert_succeeds(("embed", *(row["file"] for row in rows), "-m", self.model("tuple"), "-o", "e.npz"))
        with np.load(self.folder / "e.npz") as arrays:
            self.assertEqual(arrays["bands"].shape, (len(arrays["file_index"]), 2 * BANDS))
            loudest, high = arrays["bands"][:, :BANDS].argmax(axis=1), arrays["file_index"] % 2 == 1
            self.assertGreater(loudest[high].min(), loudest[~high].max())  # high tones are in high bands
            self.assertGreaterEqual(arrays["bands"][:, BANDS:].min(), 0)
        said = self.assert_succeeds(self.probe("--folds", 3))
        self.assertGreater(float(re.search(r"(?m)^    accuracy +(\S+) +12 ", said)[1]), 0.8)


if __name__ == "__main__":
    unittest.main()
