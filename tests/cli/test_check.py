"""check: what passes, what fails, and what it writes."""

import json
import shutil
import unittest
from xml.etree import ElementTree

import numpy as np

from cli_test_case import CliTestCase, FAILURE, ONE_WINDOW_S, SUCCESS, USAGE, noise, tone, write_wav

CHECK_FAILED = 1


class Check(CliTestCase):
    def setUp(self):
        super().setUp()
        self.baseline = self.folder / "baseline"
        self.current = self.folder / "current"
        self.output = self.folder / "changed"

    def recording(self, name, seed):
        return write_wav(self.folder / f"{name}.wav", noise(0.3, seed=seed))

    def result(self, folder, name, seed=0, model="rectangle", sound=1, masks=512, options=()):
        self.explain(self.recording(name, sound), "--seed", seed, "--overwrite", *options, model=model,
                     output=folder, masks=masks)

    def two_folders(self, current_model="rectangle"):
        for sound, name in enumerate(("dog", "owl")):
            self.result(self.baseline, name, seed=1, sound=sound)
            self.result(self.current, name, seed=2, sound=sound, model=current_model)

    @staticmethod
    def contrast_error(arrays, folder):
        """Standard errors, scaled in each window to the noise of its contrast; the larger in both of two."""
        shares = np.zeros(len(arrays["time_s"]))
        for window in json.loads((folder / "dog.json").read_text(encoding="utf-8"))["windows"]:
            frames = slice(window["begin_frame"], window["begin_frame"] + window["frames"])
            noise = np.var(arrays["contrast"][:, frames]) / (1 + window["noise_to_contrast"] ** -2)
            share = np.sqrt(noise / np.mean(arrays["standard_error"][:, frames] ** 2))
            shares[frames] = np.maximum(shares[frames], share)
        return arrays["standard_error"] * shares

    def check(self, code, *options):
        done = self.relax("check", self.baseline, self.current, "--no-progress", *options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code in (SUCCESS, CHECK_FAILED):
            self.assertEqual(done.stderr, "")
        return done.stdout

    def test_two_seeds_of_one_model_pass(self):
        self.two_folders()
        said = self.check(SUCCESS, "-o", self.output)
        self.assertIn("passed (2 results): 2 same", said)
        lines = said.splitlines()
        self.assertEqual(lines[0].split()[0], "result")
        self.assertEqual([line.split()[0] for line in lines[1:3]], ["dog", "owl"])
        self.assertFalse(self.output.exists())

    def test_adaptive_cells_are_refused(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        for seed, folder in enumerate((self.baseline, self.current)):
            self.explain(recording, "--seed", seed, grid="adaptive", masks=64, output=folder)
        self.assertIn("made by --grid adaptive", self.check(FAILURE))

    def test_another_model_fails_with_reasons_reports_and_figures(self):
        self.two_folders("convolution")
        said = self.check(CHECK_FAILED, "-o", self.output, "--junit", self.folder / "check.xml", "--json",
                          self.folder / "check.json")
        self.assertIn("FAILED (2 results): 2 changed", said)
        self.assertIn("dog: changed: ", said)
        self.assertEqual(self.files_left(), ["dog.check.png", "owl.check.png"])
        suite = ElementTree.parse(self.folder / "check.xml").getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("errors")), ("2", "2", "0"))
        cases = suite.findall("testcase")
        self.assertEqual([case.get("name") for case in cases], ["dog", "owl"])
        report = json.loads((self.folder / "check.json").read_text(encoding="utf-8"))
        self.assertFalse(report["passes"])
        for case, result in zip(cases, report["results"]):
            self.assertEqual(case.find("failure").text.splitlines(), result["reasons"])
            self.assertEqual(result["status"], "changed")
        self.assertEqual(report["command_line"].split()[:2], ["relax-spectro", "check"])

    def test_its_numbers_are_those_of_the_arrays(self):
        self.two_folders("convolution")
        self.check(CHECK_FAILED, "--json", self.folder / "check.json")
        result = json.loads((self.folder / "check.json").read_text(encoding="utf-8"))["results"][0]
        with np.load(self.baseline / "dog.npz") as before, np.load(self.current / "dog.npz") as now:
            correlation = np.corrcoef(before["contrast"].ravel(), now["contrast"].ravel())[0, 1]
            rounding = 1e-7 * max(np.sqrt(np.mean(arrays["importance"] ** 2)) for arrays in (before, now))
            errors = np.sqrt(self.contrast_error(before, self.baseline) ** 2
                             + self.contrast_error(now, self.current) ** 2 + rounding ** 2)
            largest = np.max(np.abs(now["contrast"] - before["contrast"]) / errors)
            centres = []
            for arrays in (before, now):
                weight = np.maximum(arrays["contrast"], 0)
                centres.append(np.array([weight.sum(axis=0) @ arrays["time_s"], weight.sum(axis=1)
                                         @ arrays["frequency_hz"]]) / weight.sum())
        self.assertAlmostEqual(result["correlation"]["value"], correlation, places=9)
        self.assertAlmostEqual(result["standard_errors"]["value"] / largest, 1, places=6)
        self.assertAlmostEqual(result["shift_s"]["value"], (centres[1] - centres[0])[0], places=9)
        self.assertAlmostEqual(result["shift_hz"]["value"], (centres[1] - centres[0])[1], places=6)

    def relabelled(self):
        """The model tuple with the names of its two classes swapped."""
        shutil.copy(self.model("tuple"), self.folder / "relabelled.pt")
        card = json.loads(self.model("tuple").with_suffix(".json").read_text(encoding="utf-8"))
        card["labels"].reverse()
        (self.folder / "relabelled.json").write_text(json.dumps(card), encoding="utf-8")
        return self.folder / "relabelled.pt"

    def test_another_best_class_is_the_first_thing_said_whatever_the_score(self):
        recording = write_wav(self.folder / "dog.wav", tone(500, ONE_WINDOW_S))
        other = self.relabelled()
        for score, meaning in (("cosine", "the model hears another class"),
                               ("top", "the score measures another class"),
                               ("prob:top", "the score measures another class")):
            with self.subTest(score):
                heard = []
                for folder, model in ((self.baseline, self.model("tuple")), (self.current, other)):
                    self.assert_succeeds(("explain", recording, "--model", model, "--score", score, "-o", folder, "-q",
                                          "--masks", 64, "--figure", "none", "--overwrite"))
                    how = json.loads((folder / "dog.json").read_text(encoding="utf-8"))
                    heard.append(how["windows"][0]["heard"][0])
                self.assertEqual([one["label"] for one in heard], ["low", "high"])
                change = " → ".join(f"{one['label']} {one['probability']:.2f}" for one in heard)
                said = self.check(CHECK_FAILED, "--overwrite", "--junit", self.folder / "check.xml", "--json",
                                  self.folder / "check.json")
                self.assertIn(change, said.splitlines()[1])
                self.assertEqual(said.splitlines()[2], f"dog: changed: {change}: {meaning} from 0.01 s to 0.16 s")
                failure = ElementTree.parse(self.folder / "check.xml").getroot().find("testsuite/testcase/failure")
                self.assertIn(f"changed: {change}: ", failure.get("message"))
                prediction = json.loads((self.folder / "check.json").read_text(
                    encoding="utf-8"))["results"][0]["prediction"]
                self.assertEqual(prediction["before"], heard[0])
                self.assertEqual(prediction["now"], heard[1])
                self.assertGreater(prediction["value"], prediction["limit"])
                self.assertEqual(prediction["is_measured"], score != "cosine")

    def test_results_of_no_class_are_compared_by_their_maps(self):
        for seed, folder in enumerate((self.baseline, self.current)):
            self.result(folder, "dog", seed=seed, model="tuple")
            how = json.loads((folder / "dog.json").read_text(encoding="utf-8"))
            for window in how["windows"]:
                window["heard"] = []
            (folder / "dog.json").write_text(json.dumps(how), encoding="utf-8")
        self.check(SUCCESS, "--json", self.folder / "check.json")
        result = json.loads((self.folder / "check.json").read_text(encoding="utf-8"))["results"][0]
        self.assertNotIn("prediction", result)

    def test_missing_results_fail_and_new_ones_are_told(self):
        self.two_folders()
        (self.current / "dog.json").rename(self.current / "fox.json")
        (self.current / "dog.npz").rename(self.current / "fox.npz")
        said = self.check(CHECK_FAILED)
        self.assertIn("dog: missing: in the baseline only", said)
        self.assertIn("fox: new: not in the baseline", said)
        self.assertIn("FAILED (3 results): 1 same, 1 missing, 1 new", said)
        for ending in ("json", "npz"):
            (self.baseline / f"dog.{ending}").unlink()
        self.assertIn("passed (2 results): 1 same, 1 new", self.check(SUCCESS))

    def test_other_options_fail_and_are_told_unless_ignored(self):
        self.result(self.baseline, "dog")
        self.result(self.current, "dog", seed=1, options=("--fill", "silence"))
        self.assertIn('dog: made differently: options.fill is "zero", now "silence"', self.check(CHECK_FAILED))
        self.assertIn('dog: note: options.fill is "zero", now "silence"',
                      self.relax("check", self.baseline, self.current, "--ignore-options").stdout)

    def test_another_recording_of_that_name_is_told(self):
        self.result(self.baseline, "dog", sound=1)
        self.result(self.current, "dog", sound=2)
        self.assertIn("dog: made differently: input.sha256 is ", self.check(CHECK_FAILED))

    def test_update_accepts_what_changed_and_only_that(self):
        self.two_folders()
        self.result(self.current, "dog", model="convolution", sound=0)
        self.result(self.current, "new", sound=3)
        kept = (self.baseline / "owl.json").read_bytes()
        said = self.check(SUCCESS, "--update")
        self.assertEqual([line for line in said.splitlines() if line.startswith("accepted ")],
                         [f"accepted {self.baseline}/{name}" for name in ("dog.npz", "dog.json", "new.npz", "new.json")])
        for name in ("dog.npz", "dog.json", "new.npz", "new.json"):
            self.assertEqual((self.baseline / name).read_bytes(), (self.current / name).read_bytes())
        self.assertEqual((self.baseline / "owl.json").read_bytes(), kept)
        self.assertEqual(len(list(self.baseline.iterdir())), 6)
        self.assertIn("passed (3 results): 3 same", self.check(SUCCESS))

    def test_update_removes_tests_and_figures_of_the_old_map(self):
        self.two_folders()
        self.result(self.current, "dog", model="convolution", sound=0)
        png = b"tEXtSoftware\0relax-spectro 0.1.0"
        for name, mark in (("dog.png", png), ("dog.flip.json", b'{"format": "relax-spectro flip"}'),
                           ("dog.flip.npz", b"PK relax-spectro 0.1.0"), ("owl.png", png)):
            (self.baseline / name).write_bytes(mark)
        self.check(SUCCESS, "--update")
        self.assertEqual(sorted(path.name for path in self.baseline.iterdir()),
                         ["dog.json", "dog.npz", "owl.json", "owl.npz", "owl.png"])

    def test_update_makes_a_first_baseline(self):
        self.result(self.current, "dog")
        self.check(SUCCESS, "--update")
        self.assertIn("passed (1 result): 1 same", self.check(SUCCESS))

    def test_update_leaves_what_is_missing_and_fails(self):
        self.two_folders()
        (self.current / "dog.json").unlink()
        self.assertIn(f"{self.baseline}/dog.json: not in ", self.check(CHECK_FAILED, "--update"))
        self.assertTrue((self.baseline / "dog.json").exists())

    def test_two_results_are_compared_without_folders(self):
        self.two_folders("convolution")
        done = self.relax("check", self.baseline / "dog.json", self.baseline / "dog.json")
        self.assertEqual(done.returncode, SUCCESS, done.stderr)
        done = self.relax("check", self.baseline / "dog.json", self.current / "dog.json")
        self.assertEqual(done.returncode, CHECK_FAILED, done.stderr)

    def test_a_sweep_is_compared_without_noise(self):
        sweep = ("--family", "window", "--window", "4x4")
        recording = self.recording("dog", 1)
        for folder, model in ((self.baseline, "rectangle"), (self.current, "rectangle"),
                              (self.output, "convolution")):
            self.assert_succeeds(("explain", recording, "--model", self.model(model), *sweep, "-o", folder,
                                  "--figure", "none", "--threads", "1", "--quiet"))
        self.check(SUCCESS)
        self.current = self.output
        self.check(CHECK_FAILED)

    def test_damaged_results_do_not_stop_the_rest(self):
        self.two_folders()
        (self.current / "dog.npz").write_bytes(b"PK")
        done = self.relax("check", self.baseline, self.current, "--junit", self.folder / "check.xml")
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("dog.npz", done.stderr)
        self.assertIn("FAILED (2 results): 1 same, 1 unreadable", done.stdout)
        suite = ElementTree.parse(self.folder / "check.xml").getroot().find("testsuite")
        self.assertEqual((suite.get("failures"), suite.get("errors")), ("0", "1"))

    def test_refusals(self):
        self.result(self.baseline, "dog")
        shutil.copytree(self.baseline, self.current)
        empty = self.folder / "empty"
        empty.mkdir()
        dog = self.baseline / "dog.json"
        for arguments, code, expected in (
                ((self.baseline,), USAGE, ("CURRENT is required",)),
                ((self.folder / "nowhere", self.current), FAILURE, ("nowhere", "no such")),
                ((empty, empty), FAILURE, ("empty", "no result")),
                ((self.baseline, dog), USAGE, ("expected two folders or two results",)),
                ((self.baseline, self.current, "--min-correlation", "2"), USAGE, ("--min-correlation is 2",)),
                ((self.baseline, self.current, "--max-difference", "-1"), USAGE, ("--max-difference is -1",)),
                ((self.baseline, self.current, "--max-shift-s", "nan"), USAGE, ("--max-shift-s",)),
                ((self.baseline, self.current, "--false-alarms", "1"), USAGE, ("--false-alarms is 1",)),
                ((self.baseline, self.current, "--max-flip-change", "-2"), USAGE, ("--max-flip-change is -2",)),
                ((self.baseline, self.current, "--figure", "gif"), USAGE, ("gif",)),
                ((self.baseline, self.current, "--junit", dog), FAILURE, ("dog.json", "is an input of this run"))):
            with self.subTest(arguments):
                self.assert_refused(("check", *arguments), code, *expected)


if __name__ == "__main__":
    unittest.main()
