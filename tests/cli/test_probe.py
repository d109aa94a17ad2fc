"""probe: its three files and its table, and what other stages do with --probe."""

import csv
import hashlib
import json
import re
import unittest

import numpy as np

from cli_test_case import BANDS, CliTestCase, FAILURE, SOME_FAILED, USAGE, noise, quick, tone, write_wav

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
        for shown in ("Probe birds</h2>", "Accuracy 1.000 (95 %: ", '&lt;tit&gt;</th><td class="number">1.00</td>',
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

    def test_training_data_of_the_model_is_told(self):
        self.table(self.embeddings())
        path = self.folder / "e.json"
        summary = json.loads(path.read_text(encoding="utf-8"))
        summary["model"]["training_data"] = "calls of site 1"
        path.write_text(json.dumps(summary), encoding="utf-8")
        said = self.relax(*self.probe()).stderr
        self.assertIn("labels.csv: the model was trained on calls of site 1; ", said)
        found = json.loads((self.folder / "out/birds.probe.json").read_text(encoding="utf-8"))
        self.assertIn(found["warnings"][-1], said)

        sound = write_wav(self.folder / "a.wav", noise(0.3))
        model = self.folder / "noted.pt"
        model.write_bytes(self.model("tuple").read_bytes())
        card = json.loads(self.assert_succeeds(("model", self.model("tuple"), "--json")))["card"]
        for notes, told in (({"training_data": "frogs"}, "frogs"), ({"training_data": 3}, None), ([], None)):
            model.with_suffix(".json").write_text(json.dumps({**card, "notes": notes}), encoding="utf-8")
            self.assert_succeeds(("embed", sound, "-m", model, "-o", "n.npz", "--overwrite"))
            written = json.loads((self.folder / "n.json").read_text(encoding="utf-8"))
            self.assertEqual(written["model"].get("training_data"), told)

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


class ProbeBesideAModel(CliTestCase):
    """A probe of three loudnesses on the embedding of the model "two-layers", whose own classes are others."""

    def setUp(self):
        super().setUp()
        self.files = []
        lines = ["file,label"]
        for i in range(12):
            label = ("dog bark", "rain", "sea")[i % 3]
            self.files.append(write_wav(self.folder / f"{i}.wav", 0.1 * 3.0 ** (i % 3) * noise(0.3, seed=i)))
            lines.append(f"{i}.wav,{label}")
        (self.folder / "labels.csv").write_text("\n".join(lines), encoding="utf-8")
        self.assert_succeeds(("embed", *self.files, "-m", self.model("two-layers"), "-o", "e.npz"))
        self.make("a", "--c", 1)
        self.beside = ("-m", self.model("two-layers"), "--probe", "a.probe.json")
        self.recorded = {"path": "a.probe.json", "sha256": self.hash_of("a.probe.json")}

    def make(self, name, *options):
        self.assert_succeeds(("probe", "e.npz", "--labels", "labels.csv", "-o", name, "--folds", 3, *options))

    def hash_of(self, name):
        return hashlib.sha256((self.folder / name).read_bytes()).hexdigest()

    def json_of(self, name):
        return json.loads((self.output / name).read_text(encoding="utf-8"))

    def test_class_scores_are_those_of_the_probe(self):
        self.assert_succeeds(("embed", *self.files, *self.beside, "-o", "p.npz"))
        with np.load(self.folder / "e.npz") as plain, np.load(self.folder / "p.npz") as probed, \
                np.load(self.folder / "a.probe.npz") as probe:
            np.testing.assert_array_equal(probed["embedding"], plain["embedding"])
            expected = plain["embedding"].astype(float) @ probe["weights"].T + probe["bias"]
            np.testing.assert_allclose(probed["class_scores"], expected, rtol=1e-6, atol=1e-6)
        stored = json.loads((self.folder / "p.json").read_text(encoding="utf-8"))
        self.assertEqual(stored["labels"], ["dog bark", "rain", "sea"])
        self.assertEqual(stored["model"]["probe"], self.recorded)

        temperature = json.loads((self.folder / "a.probe.json").read_text(encoding="utf-8"))["fit"]["temperature"]
        self.assertNotEqual(temperature, 1)
        heard = next(csv.DictReader(self.assert_succeeds(("embed", self.files[1], *self.beside)).splitlines()))
        odds = np.exp(np.array([float(heard[name]) for name in stored["labels"]]) / temperature)
        self.assertEqual(heard["heard"], stored["labels"][odds.argmax()])
        self.assertAlmostEqual(float(heard["heard_probability"]), odds.max() / odds.sum(), places=5)
        self.assertIn("class scores  3, by the probe a.probe.json\n    0  dog bark\n",
                      self.assert_succeeds(("model", self.model("two-layers"), "--probe", "a.probe.json")))

    def test_maps_of_all_classes_sum_to_zero(self):
        # Regression chooses a penalty for each score, so its maps are not linear in the scores.
        self.assert_succeeds(("explain", self.files[1], *self.beside, *quick(200), "--score", "all",
                              "--estimator", "mask-sum", "--quiet", "-o", self.output))
        maps = []
        for name in ("dog-bark", "rain", "sea"):
            with np.load(self.output / f"1@{name}.npz") as arrays:
                maps.append((arrays["contrast"], arrays["standard_error"]))
        largest = max(np.abs(contrast).max() for contrast, _ in maps)
        self.assertGreater(largest, 0)
        # Stored maps are rounded to an eighth of their standard error.
        rounding = sum(np.median(error, axis=0) / 16 for _, error in maps)
        self.assertLess((np.abs(sum(contrast for contrast, _ in maps)) - rounding).max(), 1e-5 * largest)

    def test_results_record_the_probe_and_are_repeated_and_tested_with_it(self):
        options = ("--score", "logit:dog bark", "--figure", "none", "--masks", 50, "--grid", "4x4")
        self.assert_succeeds(("explain", self.files[0], *self.beside, *options, "-o", self.output))
        result = self.json_of("0.json")
        self.assertEqual(result["model"]["probe"], self.recorded)
        self.assertEqual(result["model"]["card"]["labels"], ["dog bark", "rain", "sea"])
        self.assertEqual(result["heard"][0]["label"], "dog bark")

        again = self.folder / "again"
        self.assert_succeeds(("explain", "--config", self.output / "0.json", "--figure", "none", "-o", again))
        self.assertEqual((again / "0.npz").read_bytes(), (self.output / "0.npz").read_bytes())
        self.assert_succeeds(("check", self.output / "0.json", again / "0.json"))

        self.assert_succeeds(("flip", self.output / "0.json", "--figure", "none", "-o", self.output))
        flipped = self.json_of("0.flip.json")
        self.assertEqual(flipped["model"]["probe"], self.recorded)
        self.assertEqual(flipped["options"]["score"], "logit:dog bark")
        self.relax("sanity", self.output / "0.json", "--figure", "none", "-o", self.output)
        self.assertEqual(self.json_of("0.sanity.json")["model"]["probe"], self.recorded)

        batch = ("batch", self.files[0], "-m", self.model("two-layers"), *options, "-o", self.output)
        kept = self.assert_succeeds((*batch, "--stages", "explain,flip", "--probe", "a.probe.json"))
        self.assertIn("1 kept", kept)
        self.make("b", "--c", 0.01)
        other = self.relax(*batch, "--probe", "b.probe.json")
        self.assertIn("model.probe.sha256 is ", other.stderr)
        self.assertIn("class 'dog bark' is not one of the model's", self.relax(*batch).stderr)
        b = self.folder / "b"
        self.assert_succeeds(("explain", "--config", self.output / "0.json", "--figure", "none", "-o", b,
                              "--probe", "b.probe.json"))
        self.assertIn("0: changed: ", self.relax("check", self.output / "0.json", b / "0.json").stdout)

        self.make("a", "--c", 10, "--overwrite")
        changed = self.relax("flip", self.output / "0.json", "--figure", "none", "-o", b)
        self.assertIn("a.probe.json: is not the file that ", changed.stderr)

    def test_probes_that_do_not_fit_are_refused(self):
        def refused(model, probe, code, *expected):
            for stage in (("explain", self.files[0], "-o", self.output), ("embed", self.files[0])):
                self.assert_refused((*stage, "-m", self.model(model), "--probe", probe), code, *expected)

        refused("dict", "a.probe.json", FAILURE, "a.probe.json: is a probe of another model", "dict.pt has")
        refused("two-layers", "labels.csv", USAGE, "labels.csv: not JSON")
        refused("two-layers", "e.json", USAGE, "format is not 'relax-spectro probe'")
        refused("two-layers", "none.probe.json", FAILURE, "none.probe.json")
        self.make("b", "--c", 0.01)
        (self.folder / "b.probe.npz").write_bytes((self.folder / "a.probe.npz").read_bytes())
        refused("two-layers", "b.probe.json", FAILURE, "b.probe.npz: does not belong to b.probe.json")
        (self.folder / "b.probe.npz").write_bytes(b"PK")
        refused("two-layers", "b.probe.json", FAILURE, "b.probe.npz: does not belong to b.probe.json")
        stored = json.loads((self.folder / "a.probe.json").read_text(encoding="utf-8"))
        for change, code, expected in (
                ({"labels": ["x", "y"]}, FAILURE, "does not have weights and bias of 2 classes"),
                ({"fit": {"temperature": 0}}, USAGE, "temperature is 0; expected a number above 0"),
                ({"model": {"sha256": self.hash_of(self.model("class-scores-only"))}}, FAILURE, "names no embedding")):
            (self.folder / "a.probe.json").write_text(json.dumps({**stored, **change}), encoding="utf-8")
            refused("class-scores-only" if "model" in change else "two-layers", "a.probe.json", code, expected)


if __name__ == "__main__":
    unittest.main()
