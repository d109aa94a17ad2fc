"""Outputs: no stage writes over a file that it did not make, nor over one that it reads."""

import json
import shutil
import unittest

import numpy as np

import published_networks
import state_dict_file
from cli_test_case import CliTestCase, FAILURE, noise, ONE_WINDOW_S, quick, SUCCESS, USAGE, write_wav

FIGURES = ("png", "svg", "pdf")
MASKS = 32


class Outputs(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recording = write_wav(self.folder / "in/dog.wav", noise(ONE_WINDOW_S))
        self.boxes = self.folder / "in/boxes.csv"
        self.boxes.write_text("start_s,end_s\n0.01,0.05\n")
        self.labelled = self.folder / "in/labels.csv"
        self.labelled.write_text("file,label\ndog.wav,dog\n")
        weights = published_networks.Weights(seed=3)
        published_networks.NETWORKS["vggish"](weights, np.zeros((96, 64)))
        self.weights = self.folder / "in/weights.pth"
        state_dict_file.save(self.weights, dict(weights))
        # Two results that differ, so that check draws a figure.
        for name, model in (("base", "rectangle"), ("now", "two-layers")):
            self.explain(self.recording, model=model, output=self.folder / name)

    def maps(self, figure="none"):
        return ("--model", self.model("two-layers"), *quick(MASKS, figure=figure))

    def run_stage(self, *arguments):
        done = self.relax(*arguments)
        self.assertIn(done.returncode, (0, 1), (arguments, done.stderr))

    def stages(self, output):
        """Every command that writes files, into a folder; those that draw, in each format."""
        base, now, model = self.folder / "base/dog.json", self.folder / "now/dog.json", self.model("two-layers")
        for figure in FIGURES:
            drawn, place = ("--figure", figure), output / figure
            yield ("explain", self.recording, *self.maps(figure), "--evaluate", "--boxes", self.boxes, "-o", place / "explain")
            yield ("batch", self.labelled, *self.maps(figure), "--stages", "explain,flip", "-o", place / "batch")
            yield ("flip", now, *drawn, "--random", 2, "-o", place / "flip")
            yield ("sanity", now, *drawn, "--shuffles", 3, "-o", place / "sanity")
            yield ("check", base.parent, now.parent, "--ignore-options", "-o", place / "check", *drawn,
                   "--junit", place / "check/check.xml", "--json", place / "check/check.json")
            yield ("figure", now, "-o", place / f"figure/maps.{figure}")
            yield ("spectrogram", self.recording, "--model", model, *drawn, "-o", place / "spectrogram")
            yield ("masks", "--shape", "16x20", "-n", 3, "-o", place / f"masks/sheet.{figure}")
        yield ("batch", self.recording, *self.maps(), "--shard", "1/2", "-o", output / "shard")
        yield ("report", now.parent, "-o", output / "page/report.html")
        yield ("regions", now, "-o", output / "regions", "-q")
        yield ("localise", now, "--boxes", self.boxes, "-o", output / "localise/table.csv")
        yield ("embed", self.recording, "--model", model, "-o", output / "embed/arrays.npz")
        yield ("embed", self.recording, "--model", model, "-o", output / "embed/table.csv")
        yield ("masks", "--shape", "16x20", "-n", 3, "-o", output / "masks/masks.npz")
        yield ("import", "--architecture", "vggish", "--weights", self.weights, "-o", output / "import/model.pt")

    @staticmethod
    def contents(folder):
        return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def test_every_stage_knows_its_own_files_and_leaves_all_others(self):
        made, others = self.folder / "made", self.folder / "others"
        for stage in self.stages(made):
            self.run_stage(*stage)
        names = set(self.contents(made))
        self.assertGreater(len(names), 80)
        for stage in self.stages(made):  # each file is recognised as the tool's own
            self.run_stage(*stage, "--overwrite")
        self.assertEqual(set(self.contents(made)), names)
        for name in names:
            (others / name).parent.mkdir(parents=True, exist_ok=True)
            (others / name).write_text(f"mine: {name}\n")
        before = self.contents(others)
        for stage in self.stages(others):
            for options in ((), ("--overwrite",)):
                done = self.relax(*stage, *options)
                self.assertIn(done.returncode, (FAILURE, USAGE), (stage, done.stderr))
                self.assertIn("name another output", done.stderr, stage)
        self.assertEqual(self.contents(others), before)

    def test_a_baseline_that_is_updated_keeps_the_files_of_others(self):
        base, now = self.folder / "base", self.folder / "now"
        (base / "dog.png").write_text("mine")
        (base / "dog.flip.npz").write_text("mine, too")
        self.run_stage("check", base, now, "--ignore-options", "--update")
        self.assertEqual((base / "dog.json").read_bytes(), (now / "dog.json").read_bytes())
        self.assertEqual((base / "dog.png").read_text(), "mine")
        self.assertEqual((base / "dog.flip.npz").read_text(), "mine, too")
        before = (now / "dog.npz").read_bytes()
        (base / "dog.npz").write_bytes(b"mine: not of relax")
        done = self.relax("check", base, now, "--update")
        self.assertEqual((done.returncode, (base / "dog.npz").read_bytes()), (FAILURE, b"mine: not of relax"), done.stderr)
        self.assertEqual((now / "dog.npz").read_bytes(), before)

    def test_an_input_is_no_output(self):
        here = self.folder / "here"
        here.mkdir()
        write_wav(here / "m.wav", noise(ONE_WINDOW_S))
        self.run_stage("masks", "--shape", "16x20", "-n", 30, "-o", here / "m.npz")
        shutil.copytree(self.folder / "now", here / "now")
        self.run_stage("import", "--architecture", "vggish", "--weights", self.weights, "-o", here / "w.pt")
        self.run_stage("batch", self.labelled, *self.maps(), "-o", here / "r")
        (here / "linked.json").symlink_to(here / "now/dog.json")
        model = ("--model", self.model("two-layers"))
        before = self.contents(here)
        for arguments in (
                ("explain", here / "m.wav", *model, "--masks-file", here / "m.npz", "--figure", "none", "-o", here),
                ("check", self.folder / "base", here / "now", "--json", here / "now/dog.json"),
                ("check", self.folder / "base/dog.json", here / "now/dog.json", "--json", here / "linked.json"),
                ("batch", here / "r/summary.csv", *self.maps(), "-o", here / "r"),
                ("import", "--architecture", "vggish", "--weights", here / "w.pt", "-o", here / "w.pt")):
            with self.subTest(arguments):
                done = self.relax(*arguments, "--overwrite")
                self.assertEqual(done.returncode, FAILURE, done.stderr)
                self.assertIn("is an input of this run", done.stderr)
                self.assertEqual(self.contents(here), before)

    def test_links_and_devices_are_not_replaced(self):
        self.output.mkdir()
        for name, target in (("nowhere.csv", self.folder / "not-there"), ("device.csv", "/dev/null")):
            link = self.output / name
            link.symlink_to(target)
            done = self.relax("embed", self.recording, "--model", self.model("tuple"), "-o", link, "--overwrite")
            self.assertEqual(done.returncode, FAILURE, done.stderr)
            self.assertTrue(link.is_symlink())

    def test_names_that_are_not_utf8(self):
        name = b"d\xf6g.wav"
        recording = bytes(self.folder) + b"/in/" + name
        with open(recording, "wb") as file:
            file.write(self.recording.read_bytes())
        (self.folder / "in/list.txt").write_bytes(name + b"\n")
        for said in ("1 done", "1 kept"):
            done = self.relax("batch", self.folder / "in/list.txt", *self.maps("png"), "-o", self.output)
            self.assertEqual(done.returncode, SUCCESS, done.stderr)
            self.assertIn(said, done.stdout)
        self.assertEqual(self.relax("batch", self.recording, *self.maps(), "-o", self.output).returncode, SUCCESS)
        table = (self.output / "summary.csv").read_text(encoding="utf-8")
        self.assertIn("d\ufffdg.wav", table)
        self.assertEqual(len(table.splitlines()), 3)
        (result,) = (path for path in self.output.glob("*.json") if path.name != "dog.json")
        self.assertIn("d\ufffdg.wav", json.loads(result.read_text(encoding="utf-8"))["input"]["path"])
        renamed = result.rename(self.output / "renamed.json")  # so that its name is in the output
        result.with_suffix(".npz").rename(self.output / "renamed.npz")
        self.run_stage("flip", renamed, "--random", 2, "--figure", "none", "-o", self.output)


if __name__ == "__main__":
    unittest.main()
