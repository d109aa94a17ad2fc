"""batch: folders, lists and tables."""

import itertools
import json
import os
import shutil
import unittest

import numpy as np

from batch_test_case import Batch, TIMES
from cli_test_case import BANDS, FAILURE, FRAMES, ONE_WINDOW_S, SOME_FAILED, SUCCESS, USAGE, quick, tone, write_wav


class Work(Batch):
    def test_a_folder_is_mirrored_into_the_results_of_explain_and_a_table(self):
        self.write("dog.wav", seed=1)
        self.write("night/dog.wav", seed=2)
        said = self.batch().stdout
        self.assertEqual(said, f"{self.output}/summary.csv: 2 done\n")
        self.assertEqual(self.files_left(), ["dog.json", "dog.npz", "night/dog.json",
                                             "night/dog.npz", "summary.csv"])
        rows = self.table()
        self.assertEqual([row["file"] for row in rows],
                         [f"{self.recordings}/dog.wav", f"{self.recordings}/night/dog.wav"])
        self.assertEqual([row["result"] for row in rows], ["dog", "night/dog"])
        alone = self.folder / "alone"
        arrays, how = self.explain(self.recordings / "night/dog.wav", output=alone)
        with np.load(self.output / "night/dog.npz") as made:
            for name in made.files:
                np.testing.assert_array_equal(made[name], arrays[name], name)
        row = rows[1]
        self.assertEqual(float(row["duration_s"]), how["input"]["duration_s"])
        self.assertEqual(int(row["windows"]), len(how["windows"]))
        self.assertEqual(int(row["masks"]), how["masks_evaluated"])
        self.assertEqual(int(row["unresolved_windows"]), how["unresolved_windows"])
        band, frame = np.unravel_index(np.nanargmax(arrays["contrast"]), arrays["contrast"].shape)
        self.assertEqual(row["peak_begin_s"], f"{round(float(row['peak_begin_s']), 3):g}")
        self.assertLess(float(row["peak_begin_s"]), arrays["time_s"][frame])
        self.assertGreater(float(row["peak_end_s"]), arrays["time_s"][frame])
        self.assertLess(float(row["peak_low_hz"]), arrays["frequency_hz"][band])
        self.assertGreater(float(row["peak_high_hz"]), arrays["frequency_hz"][band])

    def test_flips_are_those_of_explain_evaluate(self):
        recording = self.write("dog.wav")
        self.batch(self.recordings, "--stages", "explain,flip", "--fill", "noise")
        alone = self.folder / "alone"
        self.assert_succeeds(("explain", recording, "--model", self.model("rectangle"), "-o", alone,
                              "--quiet", "--evaluate", "--fill", "noise", *quick()))
        with np.load(alone / "dog.flip.npz") as expected, \
                np.load(self.output / "dog.flip.npz") as made:
            for name in expected.files:
                np.testing.assert_array_equal(made[name], expected[name], name)
        gains = json.loads((self.output / "dog.flip.json").read_text(encoding="utf-8"))["gains"]
        row = self.table()[0]
        self.assertAlmostEqual(float(row["gain_over_loudness"]), gains["over_amplitude"], places=5)
        self.assertAlmostEqual(float(row["gain_over_chance"]), gains["over_random"], places=5)
        self.assertIn(row["beats_chance"], ("yes", "no"))

    def test_each_recording_has_masks_and_noise_of_its_own_whatever_the_model(self):
        recordings = self.write_some(2)
        masks = self.folder / "masks.npz"
        seeds = {}
        for by, model in itertools.product(("recording", "run"), ("rectangle", "convolution")):
            batch = ("batch", self.recordings, "--model", self.model(model), *quick(), "--design", "independent",
                     "--fill", "noise", "--seed", 3, "--seed-by", by, "-o", self.output, "--overwrite")
            self.assertEqual(self.relax(*batch).returncode, SUCCESS)
            for recording in recordings:
                result = json.loads((self.output / f"{recording.stem}.json").read_text(encoding="utf-8"))
                masks_asked = result["options"]["masks"]
                self.assertEqual((masks_asked["seed"], masks_asked["seed_by"]), (3, by))
                seed = result["method"]["effective_seed"]
                seeds.setdefault((by, recording.stem), set()).add(seed)
                self.assert_succeeds(("masks", "--shape", f"{BANDS}x{FRAMES}", "--grid", "4x4", "--masks", 20, "--design",
                                      "independent", "--seed", seed, "-o", masks, "--overwrite"))
                again, _ = self.explain(recording, "--masks-file", masks, "--fill", "noise", "--seed", seed, "--seed-by",
                                        "run", "--overwrite", model=model, output=self.folder / "again")
                with np.load(self.output / f"{recording.stem}.npz") as made:
                    np.testing.assert_array_equal(made["scores"], again["scores"])
        own, others = seeds["recording", "000"], seeds["recording", "001"]
        self.assertEqual((len(own), len(others), len(own | others | {3})), (1, 1, 3))
        self.assertEqual((seeds["run", "000"], seeds["run", "001"]), ({3}, {3}))

    def test_a_recording_has_the_same_bytes_alone_and_among_others(self):
        """Even if earlier recordings have another length, and their batches another form."""
        model = shutil.copy(self.model("convolution"), self.folder / "convolution.pt")
        card = json.loads(self.model("convolution").with_suffix(".json").read_text(encoding="utf-8"))
        card["input"]["variable_length"] = True
        model.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
        for seed, windows in enumerate((3, 1, 0.7, 3, 0.8, 1, 2.5)):
            self.write(f"{seed}.wav", seed, windows * ONE_WINDOW_S)
        forms = []
        for masks in ("200", "auto"):
            options = ("--model", model, *quick(masks), "--quiet", "--overwrite", "-o")
            together, alone = self.folder / f"together-{masks}", self.folder / f"alone-{masks}"
            self.assert_succeeds(("batch", self.recordings, "--stages", "explain,flip", *options, together))
            for recording in sorted(self.recordings.iterdir()):
                self.assert_succeeds(("explain", recording, "--evaluate", *options, alone))
                how = [json.loads((folder / f"{recording.stem}.json").read_text(encoding="utf-8"))
                       for folder in (together, alone)]
                for field in ("options", "method"):
                    self.assertEqual(how[0][field], how[1][field], recording)
                forms.append(how[0]["engine"]["batch_size"])
                self.assertEqual(how[1]["engine"]["batch_size"], forms[-1])
            self.assertEqual(self.contents(together), self.contents(alone))
        self.assertEqual(forms, ["4f", "16", "16", "4f", "16", "16", "4f"] + 7 * ["4f"])

    def test_bad_recordings_are_reported_and_do_not_stop_the_rest(self):
        self.write("a.wav")
        (self.recordings / "b.wav").write_bytes(b"not a recording")
        (self.recordings / "c.wav").touch()
        self.write("d.wav", seed=2)
        done = self.batch(code=SOME_FAILED)
        rows = self.table()
        self.assertEqual([row["status"] for row in rows], ["done", "failed", "failed", "done"])
        self.assertEqual([row["stage"] for row in rows], ["", "read", "read", ""])
        self.assertIn("not a recording", rows[1]["reason"])
        self.assertIn("empty (0 bytes)", rows[2]["reason"])
        self.assertIn(rows[1]["reason"], done.stderr)
        self.assertEqual(self.files_left(), ["a.json", "a.npz", "d.json", "d.npz", "summary.csv"])

    def test_fail_fast_stops_at_the_first(self):
        (self.recordings / "sub").mkdir(parents=True)
        (self.recordings / "a.wav").write_bytes(b"not a recording")
        self.write("b.wav")
        self.batch(self.recordings, "--fail-fast", code=FAILURE)
        self.assertEqual([row["status"] for row in self.table()], ["failed"])

    def test_a_list_and_a_table_with_labels(self):
        self.write("dog.wav", seed=1)
        self.write("x/cat.wav", seed=2)
        (self.recordings / "list.txt").write_text("dog.wav\nx/cat.wav\nmissing.wav\n")
        self.batch(self.recordings / "list.txt", code=SOME_FAILED)
        self.assertIn("no such file", self.table()[1]["reason"])
        (self.recordings / "set.csv").write_text("file,label\ndog.wav,dog\nx/cat.wav,cat\n")
        self.batch(self.recordings / "set.csv")
        self.assertEqual([(row["label"], row["status"]) for row in self.table()],
                         [("dog", "kept"), ("cat", "kept")])

    def make_unreadable(self, folder):
        """Makes nested folders, so deep that no path reaches the last: not even root can read it."""
        folder.mkdir()
        name = "d" * 200
        above = os.open(folder, os.O_RDONLY)
        for _ in range(22):
            os.mkdir(name, dir_fd=above)
            below = os.open(name, os.O_RDONLY, dir_fd=above)
            os.close(above)
            above = below
        os.close(above)

    def test_an_unreadable_folder_is_named_and_the_rest_is_done(self):
        self.write("site/a.wav")
        self.make_unreadable(self.recordings / "deep")
        done = self.batch(self.recordings, "-q", code=SOME_FAILED)
        self.assertIn("ddd: the folder cannot be read: File name too long", done.stderr)
        self.assertEqual([row["result"] for row in self.table()], ["site/a"])
        dry = self.batch(self.recordings, "--dry-run", code=SOME_FAILED)
        self.assertIn("site/a: explain: keep", dry.stdout)
        done = self.batch(self.recordings / "deep", code=FAILURE)
        self.assertIn("the folder cannot be read", done.stderr)

    def test_folders_behind_links_and_names_spelled_otherwise_are_found(self):
        self.write("disk/Gru\u0308n.wav")
        (self.folder / "links").mkdir()
        (self.folder / "links/site").symlink_to(self.recordings / "disk")
        listed = self.folder / "links/list.csv"
        listed.write_bytes("file;label;\r\n;;\r\nsite\\Gr\u00fcn.wav;bird;\r\n;;\r\n".encode("utf-16"))
        for name, given in (("folder", self.folder / "links"), ("list", listed)):
            output = self.folder / name
            self.batch(given, output=output)
            (row,) = self.table(output=output)
            self.assertEqual((row["status"], row["result"]), ("done", "site/Gru\u0308n"))
        self.assertEqual(row["label"], "bird")

    def test_a_dry_run_says_what_would_be_done_and_does_nothing(self):
        self.write_some(2)
        said = self.batch(self.recordings, "--dry-run").stdout.splitlines()
        self.assertEqual(said[0], f"{self.recordings}/000.wav -> {self.output}/000: explain: make")
        self.assertFalse(self.output.exists())
        self.batch(self.recordings)
        before = self.states()
        said = self.batch(self.recordings, "--dry-run", "--stages", "flip").stdout
        self.assertEqual(said.count("explain: keep, flip: make"), 2)
        self.assertEqual(self.states(), before)

    def test_refusals(self):
        self.write("a.wav")
        (self.recordings / "bad.csv").write_text("name\na.wav\n")
        for arguments, code, expected in (
                ((self.recordings / "bad.csv",), FAILURE, ("bad.csv: line 1", "expected names that include file")),
                ((self.recordings, "--shard", "0/2"), USAGE, ("--shard", "0/2")),
                ((self.recordings, "--shard", "3/2"), USAGE, ("--shard", "3/2")),
                ((self.recordings, self.recordings / "a.wav"), USAGE, ("a.wav", "given twice")),
                ((self.folder / "missing.csv",), FAILURE, ("missing.csv", "no such file")),
                ((self.recordings, self.folder / "mistyped"), FAILURE, ("mistyped: no such file or folder",))):
            with self.subTest(arguments):
                self.assert_refused(self.command(*arguments), code, *expected)
        done = self.relax("batch")
        self.assertEqual(done.returncode, USAGE)


class Sharing(Batch):
    def test_shards_together_are_the_whole(self):
        self.write_some(5)
        whole = self.folder / "whole"
        self.batch(self.recordings, output=whole)
        for shard in (1, 2):
            self.batch(self.recordings, "--shard", f"{shard}/2")
        shards = [row for shard in (1, 2) for row in self.table(f"summary.shard-{shard}-of-2.csv")]
        self.assertEqual(len(shards), 5)
        self.batch()  # joins them
        self.assertEqual({row["status"] for row in self.table()}, {"kept"})
        self.assertEqual(self.table(without=TIMES), self.table(output=whole, without=TIMES))
        self.assertEqual(self.contents(), self.contents(whole))


class Labels(Batch):
    def test_labels_have_means_with_intervals_and_maps(self):
        lines = ["file,label"]
        for i in range(3):
            self.write(f"noise{i}.wav", seed=i)
            lines.append(f"noise{i}.wav,noise")
        write_wav(self.recordings / "short.wav", tone(1000, ONE_WINDOW_S))
        write_wav(self.recordings / "long.wav", tone(1000, 2 * ONE_WINDOW_S))
        lines += ["short.wav,tone/1", "long.wav,tone/1"]
        labels = self.recordings / "set.csv"
        labels.write_text("\n".join(lines) + "\n")
        done = self.batch(labels, "--stages", "explain,flip", "--fill", "silence")
        self.assertIn("no mean map of 'tone/1'", done.stderr)
        self.assertFalse((self.output / "tone_1.mean.npz").exists())
        rows = {row["label"]: row for row in self.table("summary-by-label.csv")}
        self.assertEqual(list(rows), ["noise", "tone/1"])
        gains = [float(row["gain_over_chance"]) for row in self.table() if row["label"] == "noise"]
        self.assertAlmostEqual(float(rows["noise"]["mean_gain_over_chance"]), np.mean(gains),
                               places=4)
        self.assertEqual(rows["noise"]["with_gains"], "3")
        self.assertEqual(rows["noise"]["mean_gain_over_chance_low"], "")  # three recordings are too few
        maps = [np.load(self.output / f"noise{i}.npz")["contrast"].astype(float) for i in range(3)]
        with np.load(self.output / "noise.mean.npz") as mean:
            np.testing.assert_allclose(mean["contrast"], np.mean(maps, axis=0), atol=1e-12)
            np.testing.assert_allclose(mean["contrast_sd"], np.std(maps, axis=0, ddof=1),
                                       atol=1e-12)
            self.assertEqual(mean["files"][0], 3)

    def test_recordings_named_as_what_stages_write_get_other_names(self):
        self.write("dog.wav", seed=1)
        for i, ending in enumerate(("flip", "mean", "sanity", "labels"), 2):
            self.write(f"dog.{ending}.wav", seed=i)
        labels = self.recordings / "set.csv"
        labels.write_text("file,label\ndog.wav,dog\n" + "".join(
            f"dog.{ending}.wav,dog\n" for ending in ("flip", "mean", "sanity", "labels")))
        self.batch(labels, "--stages", "explain,flip")
        self.assertEqual([row["result"] for row in self.table()],
                         ["dog.flip_wav", "dog.labels_wav", "dog.mean_wav", "dog.sanity_wav", "dog"])
        with np.load(self.output / "dog.mean.npz") as mean:
            self.assertEqual(mean["files"][0], 5)
        flip = json.loads((self.output / "dog.flip.json").read_text(encoding="utf-8"))
        self.assertEqual(flip["input"]["path"], f"{self.recordings}/dog.wav")


if __name__ == "__main__":
    unittest.main()
