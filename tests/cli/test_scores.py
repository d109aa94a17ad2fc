"""Several scores in one run."""

import json
import unittest

from batch_test_case import Batch
from cli_test_case import CliTestCase, ONE_WINDOW_S, SOME_FAILED, SUCCESS, USAGE, quick

SCORES = "cosine,prob:top,high,low-high"
NAMES = ("cosine", "prob-top", "high", "low-high")


class Scores(CliTestCase):
    def measure(self, *options, output, model="tuple", masks="64"):
        done = self.relax("explain", self.recording, "--model", self.model(model), *quick(masks), "-o", output,
                          *options)
        self.assertEqual(done.returncode, SUCCESS, done.stderr)
        return done

    def setUp(self):
        super().setUp()
        self.recording = self.noise_file(duration_s=2.5 * ONE_WINDOW_S)

    def arrays(self, output):
        return {path.name: path.read_bytes() for path in (self.folder / output).glob("*.npz")}

    def read(self, path):
        return json.loads((self.folder / path).read_text(encoding="utf-8"))

    def test_each_score_has_the_bytes_that_it_has_alone(self):
        self.measure("--score", SCORES, output="several")
        several = self.arrays("several")
        self.assertEqual(set(several), {f"noise@{name}.npz" for name in NAMES})
        for score, name in zip(SCORES.split(","), NAMES):
            self.measure("--score", score, output=name)
            self.assertEqual(several[f"noise@{name}.npz"], self.arrays(name)["noise.npz"], score)

    def test_a_result_says_its_score_and_repeats_the_run(self):
        self.measure("--score", SCORES, output="several", masks="auto")
        made = self.read("several/noise@low-high.json")
        self.assertEqual(made["options"]["score"], "logit:low-high")
        self.assertEqual(made["options"]["more_scores"], ["cosine", "prob:top", "logit:high"])
        self.assertEqual([(window["class_index"], window["minus_class"]) for window in made["windows"]],
                         [(0, 1)] * len(made["windows"]))
        again = self.relax("explain", "--config", "several/noise@low-high.json", "-o", "again")
        self.assertEqual(again.returncode, SUCCESS, again.stderr)
        self.assertEqual(self.arrays("several"), self.arrays("again"))

    def test_every_stage_reads_each_result(self):
        self.measure("--score", SCORES, "--evaluate", output="several")
        self.assertTrue((self.folder / "several/noise@low-high.flip.json").exists())
        result = "several/noise@low-high.json"
        for command in (("figure", result, "-o", "figure.png"), ("regions", result, "-o", "regions"),
                        ("check", "several", "several", "-q"), ("report", "several", "-o", "page.html"),
                        ("flip", result, "-o", "flipped")):
            done = self.relax(*command)
            self.assertEqual(done.returncode, SUCCESS, (command, done.stderr))

    def test_sanity_tests_one_of_several_maps(self):
        self.measure("--score", "cosine,dot", output="several", model="two-layers", masks="200")
        done = self.relax("sanity", "several/noise@dot.json", "-o", "sane", "--shuffles", "3")
        self.assertEqual(done.returncode, SUCCESS, done.stderr)

    def test_all_stands_for_each_class(self):
        self.measure("--score", "all", output="all")
        self.assertEqual(set(self.arrays("all")), {"noise@low.npz", "noise@high.npz"})
        done = self.relax("explain", self.recording, "--model", self.model("rectangle"), *quick(), "--score", "all")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("needs the model's labels", done.stderr)

    def test_scores_that_cannot_be_measured_together(self):
        for scores, grid, message in (("low,high", "adaptive", "give one --score"), ("low,LOW", "4x4", "twice"),
                                      ("low,,high", "4x4", "an empty place"), ("lou", "4x4", "the nearest are: low")):
            self.assert_refused(("explain", self.recording, "--model", self.model("tuple"), *quick(grid=grid),
                                 "--score", scores), USAGE, message)

    def test_warnings_of_the_recording_are_told_once_and_those_of_a_map_by_its_score(self):
        self.recording = self.noise_file("short.wav", duration_s=0.4 * ONE_WINDOW_S)
        done = self.measure("--score", SCORES, output="few", masks="8")
        self.assertEqual(done.stderr.count("padded"), 1, done.stderr)
        for score in ("cosine", "prob:top", "logit:high", "logit:low-high"):
            self.assertEqual(done.stderr.count(f"score {score}: unresolved"), 1, done.stderr)


class SeveralOfMany(Batch):
    def test_a_batch_has_a_row_for_each_score_and_keeps_what_is_there(self):
        self.write_some(2)
        options = (self.recordings, "--score", "cosine,dot")
        self.batch(*options)
        rows = self.table()
        self.assertEqual([(row["score"], row["status"], row["result"]) for row in rows],
                         [(score, "done", f"{file}@{score}") for file in ("000", "001") for score in ("cosine", "dot")])
        contents = self.contents()
        self.batch(*options)
        self.assertEqual({row["status"] for row in self.table()}, {"kept"})
        for ending in ("json", "npz"):
            (self.output / f"001@dot.{ending}").unlink()
        kept = (self.output / "001@cosine.npz").stat().st_mtime_ns
        said = self.batch(*options, "--dry-run").stdout
        self.assertEqual([line.split(": ")[-1] for line in said.splitlines()], ["keep", "keep", "keep", "make"])
        self.batch(*options)
        self.assertEqual([row["status"] for row in self.table()], ["kept", "kept", "kept", "done"])
        self.assertEqual(self.contents(), contents)
        self.assertEqual((self.output / "001@cosine.npz").stat().st_mtime_ns, kept)

    def test_a_batch_explains_the_label_that_each_recording_has(self):
        files = self.write_some(6)
        labels = ("low", "high", "cat", "", "low-high", "1")
        table = self.recordings / "set.csv"
        table.write_text("file,label\n" + "".join(f"{file.name},{label}\n" for file, label in zip(files, labels)))
        done = self.relax("batch", table, "--model", self.model("tuple"), *quick(), "--score", "label", "-o", self.output)
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        self.assertEqual([(row["score"], row["status"]) for row in self.table()],
                         [("logit:low", "done"), ("logit:high", "done"), ("logit:cat", "failed"), ("label", "failed"),
                          ("logit:low-high", "failed"), ("logit:1", "failed")])
        for label in ("cat", "low-high", "1"):
            self.assertIn(f"the recording's label '{label}' is not one of the model's classes; the nearest are: ", done.stderr)
        self.assertIn("its label is not known", done.stderr)
        alone = self.relax("explain", files[1], "--model", self.model("tuple"), *quick(), "--score", "high", "-o", "alone")
        self.assertEqual(alone.returncode, SUCCESS, alone.stderr)
        self.assertEqual((self.output / "001.npz").read_bytes(), (self.folder / "alone/001.npz").read_bytes())
        self.assertEqual({path.name for path in self.output.glob("*.mean.npz")}, {"low.mean.npz", "high.mean.npz"})
        kept = self.relax("batch", table, "--model", self.model("tuple"), *quick(), "--score", "label", "-o", self.output)
        self.assertEqual([row["status"] for row in self.table()], ["kept", "kept"] + 4 * ["failed"], kept.stderr)


if __name__ == "__main__":
    unittest.main()
