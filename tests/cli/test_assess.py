"""assess: its files, from predictions of probe, embed and other tools."""

import csv
import json
import unittest

import numpy as np

from cli_test_case import CliTestCase, FAILURE, USAGE

CLASSES = ("owl", "tit", "wren")


class Assess(CliTestCase):
    def setUp(self):
        super().setUp()
        self.files = [f"{i}.wav" for i in range(60)]
        self.truth = np.arange(60) % 3
        random = np.random.default_rng(1)
        self.scores = random.normal(size=(60, 3)) + 2.5 * np.eye(3)[self.truth]
        self.table([{"file": f"{i}.wav", "label": CLASSES[i % 3], "group": f"site {i // 4}"} for i in range(60)])

    def table(self, rows, path="labels.csv"):
        with open(self.folder / path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def rows(self, path):
        with open(self.folder / path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    def probabilities(self, temperature=1.0):
        raised = np.exp(self.scores / temperature)
        return raised / raised.sum(axis=1, keepdims=True)

    def write_csv(self, name="tool", probabilities=None, files=None, classes=CLASSES):
        probabilities = self.probabilities() if probabilities is None else probabilities
        self.table([{"file": file, **dict(zip(classes, row))} for file, row in zip(files or self.files, probabilities)],
                   f"{name}.csv")

    def write_embeddings(self, perturbations=None):
        """Two windows a recording, with scores of a class that has no label here."""
        scores = np.column_stack([self.scores[:, 2], np.full(60, 9.0), self.scores[:, :2]])
        windows = np.repeat(scores, 2, axis=0) + np.tile([[1.0], [-1.0]], (60, 1))
        index = np.repeat(np.arange(60), 2)
        arrays = {"class_scores": windows, "file_index": index}
        more = {}
        if perturbations:  # names of changes, and what they add to the windows
            keys = [(0, 0)] + [(list(perturbations).index(name) + 1, copy)
                               for name, copies in perturbations.items() for copy in range(len(copies))]
            changes = [np.zeros_like(windows), *(change for copies in perturbations.values() for change in copies)]
            arrays = {"class_scores": np.concatenate([windows + change for change in changes]),
                      "file_index": np.tile(index, len(keys)),
                      "perturbation": np.repeat([key[0] for key in keys], 120),
                      "copy": np.repeat([key[1] for key in keys], 120)}
            more = {"perturbations": ["none", *perturbations]}
        np.savez(self.folder / "model.npz", embedding=arrays["class_scores"], bands=arrays["class_scores"], **arrays)
        (self.folder / "model.json").write_text(json.dumps({
            "format": "relax-spectro embeddings", "format_version": 1, "files": [f"calls/{file}" for file in self.files],
            "labels": ["wren", "car", "owl", "tit"], "model": {"path": "m.pt", "sha256": "ab", "name": "m"}, **more}))

    def assess(self, *predictions, options=()):
        return ("assess", *predictions, "--labels", "labels.csv", "-o", "out/a", *options)

    def assert_refused(self, code, *parts, predictions=("tool.csv",), options=()):
        refused = self.relax(*self.assess(*predictions, options=options))
        self.assertEqual(refused.returncode, code, refused.stderr)
        for part in parts:
            self.assertIn(part, refused.stderr)
        self.assertFalse((self.folder / "out/a.assess.json").exists())

    def test_changed_copies_are_compared_with_their_recordings(self):
        random = np.random.default_rng(2)
        change = [9 * random.normal(size=(60, 4)).repeat(2, axis=0) for _ in range(2)]
        self.write_embeddings({"gain:-6dB": [1.0], "noise:0dB": change})
        said = self.assert_succeeds(self.assess("model.npz"))
        right = self.scores.argmax(axis=1) == self.truth
        self.assertTrue(said.startswith(f"model: 60 files, accuracy {right.mean():.3f} (95 %: "), said)
        self.assertRegex(said, r"(?m)^model, gain:-6dB: 0\.0 % of decisions change \(95 %: 0\.0–")
        gain, noise = self.rows("out/a.perturbations.csv")
        self.assertEqual((gain["perturbation"], gain["copies"], float(gain["changed"]), float(gain["loss"])),
                         ("gain:-6dB", "1", 0, 0))
        scores = [self.scores + one[::2][:, [2, 3, 0]] for one in change]
        decisions = np.array([one.argmax(axis=1) for one in scores])
        self.assertEqual((noise["perturbation"], noise["copies"]), ("noise:0dB", "2"))
        self.assertAlmostEqual(float(noise["changed"]), (decisions != self.scores.argmax(axis=1)).mean(), 5)
        self.assertAlmostEqual(float(noise["accuracy"]), (decisions == self.truth).mean(), 5)
        self.assertAlmostEqual(float(noise["loss"]), right.mean() - (decisions == self.truth).mean(), 5)
        self.assertLess(float(noise["loss_low"]), float(noise["loss"]))
        self.assertLess(float(noise["changed_low"]), float(noise["changed"]))

    def test_a_column_of_the_labels_that_tells_where_it_fails(self):
        self.scores[self.truth == 0, 0] += 9
        probabilities = self.probabilities()
        probabilities[:12] = np.roll(probabilities[:12], 1, axis=1)
        self.write_csv(probabilities=probabilities)
        self.table([{"file": f"{i}.wav", "label": CLASSES[i % 3], "group": f"site {i // 4}", "level": -i,
                     "rain": "yes" if i < 12 else "no", "notes": f"note {i}"} for i in range(60)])
        said = self.assert_succeeds(self.assess("tool.csv"))
        self.assertRegex(said, r"(?m)^rain yes: error \d\.\d\d in 12 files \(\+0\.\d\d to the others, p = ")
        slices = self.rows("out/a.slices.csv")
        self.assertEqual([row["value"] for row in slices if row["column"] == "level"],
                         ["-59 to -45", "-44 to -30", "-29 to -15", "-14 to 0"])
        self.assertNotIn("notes", {row["column"] for row in slices})

    def test_files_and_verdict(self):
        self.write_csv()
        said = self.assert_succeeds(self.assess("tool.csv", options=("--threshold", "accuracy:0.5")))
        right = self.scores.argmax(axis=1) == self.truth
        self.assertTrue(said.startswith(f"tool: 60 files, accuracy {right.mean():.3f} (95 %: "), said)
        self.assertTrue(said.endswith("out/a.assess.json\n"), said)
        found = json.loads((self.folder / "out/a.assess.json").read_text(encoding="utf-8"))
        self.assertTrue(said.startswith(found["verdict"]))
        self.assertTrue((self.folder / "out/a.assess.png").read_bytes().startswith(b"\x89PNG"))
        self.assertEqual((found["recordings"], found["groups"], found["subject"]), (60, 15, "tool"))
        influence = {(row["kind"], row["name"]): row for row in self.rows("out/a.influence.csv")}
        self.assertEqual(len(influence), 60 + 15)
        without = np.delete(right, np.arange(8, 12))
        self.assertAlmostEqual(float(influence["group", "site 2"]["accuracy"]), without.mean() - right.mean(), 6)
        self.assertEqual(influence["file", "7.wav"]["label"], "tit")
        metrics = {(row["measure"], row["label"]): row for row in self.rows("out/a.metrics.csv")}
        self.assertAlmostEqual(float(metrics["accuracy", ""]["value"]), right.mean(), 6)
        slices = {row["value"]: row for row in self.rows("out/a.slices.csv")}
        self.assertEqual(set(slices), set(CLASSES))
        self.assertEqual((slices["owl"]["column"], slices["owl"]["recordings"], slices["owl"]["groups"]),
                         ("label", "20", "15"))
        self.assertAlmostEqual(float(slices["owl"]["error"]), 1 - right[::3].mean(), 6)
        suspects = {suspect["file"] for suspect in self.rows("out/a.suspects.csv")}
        self.assertTrue(suspects and suspects <= {self.files[i] for i in np.flatnonzero(~right)})

        self.assertEqual(self.relax(*self.assess("tool.csv")).returncode, FAILURE)  # exists already
        before = (self.folder / "out/a.assess.json").read_bytes()
        self.assertEqual(self.assert_succeeds(self.assess("tool.csv", options=("--threshold", "accuracy:0.5", "--overwrite"))),
                         said)
        self.assertEqual((self.folder / "out/a.assess.json").read_bytes(), before)

    def test_probe_embed_and_other_tools_agree(self):
        """The same predictions in three files give the same metrics."""
        self.write_csv()
        self.write_embeddings()
        order = np.random.default_rng(2).permutation(60)
        np.savez(self.folder / "p.probe.npz", logits=2 * self.scores[order], probability=self.probabilities()[order])
        (self.folder / "p.probe.json").write_text(json.dumps({
            "format": "relax-spectro probe", "labels": CLASSES,
            "predictions": [{"file": f"{i}.wav", "group": "", "fold": "1"} for i in order]}))
        for path, name in (("tool.csv", "tool"), ("model.npz", "model"), ("p.probe.npz", "p"), ("p.probe.json", "p")):
            self.assert_succeeds(self.assess(path, options=("--overwrite",)))
            values = {(row["measure"], row["label"]): (row["value"], row["low"]) for row in self.rows("out/a.metrics.csv")
                      if not (row["measure"].startswith("raw_") and name == "p")}
            if name == "tool":
                expected = values
            self.assertEqual({key: expected[key] for key in values}, values, path)
            self.assertEqual(self.rows("out/a.metrics.csv")[0]["predictions"], name)

    def test_members(self):
        self.write_csv("a")
        self.write_csv("b", self.probabilities(3.0))
        flipped = self.probabilities(2.0)
        flipped[:20] = flipped[:20, ::-1]
        self.write_csv("c", flipped)
        said = self.assert_succeeds(self.assess("a.csv", "b.csv", "c.csv"))
        self.assertIn("\nAgainst the best member, a: accuracy +0.000 (", said)
        self.assertRegex(said, r"(?m)^without c +accuracy minus that of mean: \+0\.")
        self.assertRegex(said, r"(?m)^Log loss of the geometric mean: ")
        rows = {(row["system"], row["measure"]): row for row in self.rows("out/a.members.csv")}
        self.assertEqual(len(rows), 3 * (3 + 3 + 3))
        for system in ("a", "mean", "vote"):
            self.assertEqual(rows[system, "accuracy"]["p"] == "", system == "a")  # the best member
        self.assertEqual(rows["b", "accuracy"]["difference"], "0")
        found = json.loads((self.folder / "out/a.assess.json").read_text(encoding="utf-8"))
        self.assertEqual((found["subject"], found["ensemble"]["best_member"]), ("mean", "a"))
        wrong = self.scores.argmax(axis=1) != self.truth
        self.assertAlmostEqual(found["ensemble"]["pairs"][0]["both_wrong"], wrong.mean())
        only_c = [file for i, file in enumerate(self.files) if wrong[i] and flipped[i].argmax() == self.truth[i]]
        self.assertEqual([entry["files"] for entry in found["ensemble"]["only_right"]], [[], [], only_c])

    def test_what_only_some_members_have_is_left_out_and_counted(self):
        self.write_csv("tool")
        self.write_csv("short", self.probabilities(2.0)[:50], self.files[:50])
        done = self.relax(*self.assess("tool.csv", "short.csv"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("10 recordings are not in all predictions and are left out: 50.wav, ", done.stderr)
        self.assertEqual(json.loads((self.folder / "out/a.assess.json").read_text())["recordings"], 50)

    def test_what_cannot_be_used_is_named(self):
        self.write_csv(probabilities=self.probabilities() * 1.5)
        self.assert_refused(FAILURE, "tool.csv", "line 2", "sum to 1.5")
        self.write_csv(files=["nowhere.wav", *self.files[1:]])
        self.assert_refused(FAILURE, "labels.csv: has no line for 1 recording: nowhere.wav")
        self.write_csv(classes=("owl", "tit", "duck"))
        self.assert_refused(USAGE, "labels.csv", "no class for the labels wren")
        self.write_csv("other")
        self.assert_refused(USAGE, "other.csv: its classes are not those", "wren, duck", predictions=("tool.csv", "other.csv"))
        self.assert_refused(USAGE, "other.csv: is given twice", predictions=("other.csv", "other.csv"))
        self.write_embeddings()
        self.table([{"file": file, "label": "duck", "group": "a"} for file in self.files])
        self.assert_refused(USAGE, "model.npz: its model has no class for 1 of 1 labels: duck", predictions=("model.npz",))
        self.assert_refused(USAGE, "--threshold is 'f1:1'", predictions=("other.csv",), options=("--threshold", "f1:1"))
        self.assert_refused(USAGE, "tool.txt: expected", predictions=("tool.txt",))
        self.assert_refused(FAILURE, "none.csv", predictions=("none.csv",))

    def test_a_probe_is_fitted_again(self):
        """A training file with a wrong label does the most harm."""
        random = np.random.default_rng(3)
        features = random.normal(size=(60, 4)) + 3 * np.eye(4)[self.truth]
        np.savez(self.folder / "e.npz", embedding=features, bands=features, file_index=np.arange(60))
        (self.folder / "e.json").write_text(json.dumps({
            "format": "relax-spectro embeddings", "format_version": 1, "files": self.files, "labels": [],
            "model": {"path": "m.pt", "sha256": "ab", "name": "m"}}))
        labels = [CLASSES[(k + 1) % 3 if i == 7 else k] for i, k in enumerate(self.truth)]
        self.table([{"file": file, "label": labels[i], "group": f"site {i // 2}", "fold": i // 2 % 3}
                    for i, file in enumerate(self.files)])
        self.assert_succeeds(("probe", "e.npz", "--labels", "labels.csv", "-o", "p", "--figure", "none"))
        said = self.assert_succeeds(self.assess("p.probe.npz", options=("--refit",)))
        self.assertRegex(said, r"\nOn 20 other splits: accuracy 0\.9\d\d \(SD 0\.\d\d\d\), macro_f1 ")
        found = json.loads((self.folder / "out/a.assess.json").read_text(encoding="utf-8"))
        self.assertEqual(found["training"]["most_harmful"][0]["name"], "7.wav")
        self.assertLess(found["training"]["most_harmful"][0]["change"], 0)
        for noise in found["splits"]:
            self.assertEqual(len(noise["values"]), 20)
            self.assertAlmostEqual(noise["mean"], np.mean(noise["values"]))
            self.assertAlmostEqual(noise["sd"], np.std(noise["values"], ddof=1))
        changes = {(row["kind"], row["name"]): float(row["training_log_loss"]) for row in self.rows("out/a.influence.csv")}
        self.assertAlmostEqual(changes["file", "7.wav"], found["training"]["most_harmful"][0]["change"], 5)
        self.assertEqual(len(changes), 60 + 30)
        self.table([{"file": file, "label": CLASSES[i % 2], "group": i} for i, file in enumerate(self.files)])
        refused = self.relax(*self.assess("p.probe.npz", options=("--refit", "--overwrite")))
        self.assertEqual(refused.returncode, USAGE)
        self.assertIn("p.probe.json: its recordings and labels are not those of labels.csv; run probe again", refused.stderr)
        self.write_csv()
        refused = self.relax(*self.assess("tool.csv", options=("--refit", "--overwrite")))
        self.assertEqual(refused.returncode, USAGE)
        self.assertIn("--refit needs the predictions of one probe", refused.stderr)

    def test_a_recording_without_a_label_is_left_out(self):
        self.table([{"file": file, "label": CLASSES[i % 3] if i > 5 else ""} for i, file in enumerate(self.files)])
        self.write_csv()
        done = self.relax(*self.assess("tool.csv"))
        self.assertIn("6 recordings have no label", done.stderr)
        self.assertEqual(json.loads((self.folder / "out/a.assess.json").read_text())["groups"], 54)

    def test_a_damaged_probe_is_refused(self):
        (self.folder / "p.probe.json").write_text(json.dumps({
            "format": "relax-spectro probe", "labels": CLASSES, "predictions": [{"file": file} for file in self.files]}))
        for probability, what in ((self.probabilities()[:59], "is not an array of 60 recordings"),
                                  (np.full((60, 3), np.nan), "not probabilities")):
            np.savez(self.folder / "p.probe.npz", logits=self.scores, probability=probability)
            self.assert_refused(FAILURE, "p.probe.npz", what, predictions=("p.probe.npz",))


if __name__ == "__main__":
    unittest.main()
