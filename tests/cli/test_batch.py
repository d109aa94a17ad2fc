"""batch: what it makes of folders and lists, how it goes on after it was ended, and its tables."""

import csv
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

import numpy as np

from cli_test_case import (BANDS, CliTestCase, ENVIRONMENT, FAILURE, FRAMES, ONE_WINDOW_S, SOME_FAILED, SUCCESS, USAGE,
                           noise, quick, tone, write_wav)

INTERRUPTED = 130
TIMES = ("status", "seconds")  # what may differ between an interrupted and an uninterrupted run


class Batch(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recordings = self.folder / "recordings"

    def write(self, name, seed=1, duration_s=0.3):
        return write_wav(self.recordings / name, noise(duration_s, seed=seed))

    def write_some(self, count):
        return [self.write(f"{i:03}.wav", seed=i) for i in range(count)]

    def command(self, *inputs, output=None, **options):
        return ("batch", *inputs, "--model", self.model("rectangle"), "-o", output or self.output,
                *quick(**options))

    def batch(self, *arguments, code=SUCCESS, **options):
        """Runs a batch of the recordings folder, or of what is named; gives what it says."""
        inputs = arguments or (self.recordings,)
        done = self.relax(*self.command(*inputs, **options))
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def table(self, name="summary.csv", output=None, without=()):
        with open((output or self.output) / name, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return [{column: value for column, value in row.items() if column not in without}
                for row in rows]

    def contents(self, output=None):
        """The bytes of all result arrays, by their names."""
        output = output or self.output
        return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*.npz")}

    def states(self):
        """What tells whether a file was touched."""
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino)
                for path in self.output.rglob("*") if path.is_file() and path.suffix != ".csv"}

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [str(self.programs / "relax-spectro"),
             *map(str, self.command(self.recordings, *arguments, **options))],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=ENVIRONMENT, text=True)


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
        """Also where those before it are of another length, and their batches of another form."""
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
        """Makes folders below one, so deep that no path reaches the last: not even root can read it."""
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
                ((self.recordings / "bad.csv",), FAILURE, ("bad.csv: line 1", "column file")),
                ((self.recordings, "--shard", "0/2"), USAGE, ("--shard", "0/2")),
                ((self.recordings, "--shard", "3/2"), USAGE, ("--shard", "3/2")),
                ((self.recordings, self.recordings / "a.wav"), USAGE, ("a.wav", "given twice")),
                ((self.folder / "missing.csv",), FAILURE, ("missing.csv", "no such file")),
                ((self.recordings, self.folder / "mistyped"), FAILURE, ("mistyped: no such file or folder",))):
            with self.subTest(arguments):
                self.assert_refused(self.command(*arguments), code, *expected)
        done = self.relax("batch")
        self.assertEqual(done.returncode, USAGE)


class Resuming(Batch):
    def test_what_is_finished_is_kept_untouched(self):
        self.write_some(3)
        self.batch(self.recordings, "--stages", "explain,flip")
        table = self.table(without=("status",))
        before = self.states()
        done = self.batch(self.recordings, "--stages", "explain,flip", "--overwrite")
        self.assertIn("3 kept", done.stdout)
        self.assertEqual(self.states(), before)
        self.assertEqual(self.table(without=("status",)), table)

    def test_figures_asked_for_later_are_those_of_the_first_run(self):
        recording = self.write("a.wav")
        runs = ((), ("--repeat", "5"), ("--family", "window", "--window", "4x4,8x4"), ("--grid", "500Hzx0.05s"),
                ("--score", "top", "--edges", "hard"))
        for i, options in enumerate(runs):
            with self.subTest(options):
                output = self.folder / f"results-{i}"
                command = ("batch", recording, "--model", self.model("two-layers"), "--stages", "explain,flip",
                           "--masks", 40, "--threads", 1, *(("--grid", "4x4") if "--grid" not in options else ()),
                           *options, "-o", output, "--figure")
                self.assertIn("1 done", self.relax(*command, "svg").stdout)
                drawn = {path.name: path.read_bytes() for path in output.glob("*.svg")}
                self.assertEqual(set(drawn), {"a.svg", "a.flip.svg"})
                for path in output.glob("*.svg"):
                    path.unlink()
                self.assertIn("1 kept", self.relax(*command, "none").stdout)
                self.assertFalse(list(output.glob("*.svg")))
                self.assertIn("1 kept", self.relax(*command, "svg").stdout)
                self.assertEqual({path.name: path.read_bytes() for path in output.glob("*.svg")}, drawn)

    def test_defaults_that_are_resolved_later_count_as_the_same(self):
        """As do those of the runs whose figures are asked for later."""
        recording = self.write("a.wav")
        reference = self.write("b.wav", seed=9)
        runs = (("--family", "time-frequency"), ("--keep", "0.3", "--hop", "0.05"), ("--reference", reference),
                ("--fill", "blur", "--score", "l2"), ("--estimator", "mask-sum", "--design", "independent"))
        for i, options in enumerate(runs):
            with self.subTest(options):
                output = self.folder / f"results-{i}"
                arguments = (recording, *options, "--stages", "explain,flip")
                for said in ("1 done", "1 kept"):
                    self.assertIn(said, self.batch(*arguments, output=output).stdout)

    def test_a_result_that_was_made_otherwise_is_different_until_overwritten(self):
        self.write_some(2)
        self.batch()
        before = self.states()
        done = self.batch(self.recordings, "--seed", "5", code=FAILURE)
        self.assertIn("2 different", done.stdout)
        rows = self.table()
        self.assertEqual(rows[0]["stage"], "explain")
        self.assertIn("options.masks.seed is 0, now 5", rows[0]["reason"])
        self.assertEqual(self.states(), before)
        self.assertIn("2 done", self.batch(self.recordings, "--seed", "5", "--overwrite").stdout)

    def test_a_mistaken_run_keeps_what_is_known(self):
        self.write_some(2)
        labels = self.recordings / "set.csv"
        labels.write_text("file,label\n000.wav,noise\n001.wav,noise\n")
        self.batch(labels, "--stages", "explain,flip")
        before = self.table(without=("status", "stage", "reason"))
        by_label = (self.output / "summary-by-label.csv").read_bytes()
        self.assertTrue(all(row["masks"] and row["gain_over_chance"] for row in before))
        for mistake, code in (("--fill", FAILURE), ("explain", SUCCESS)):
            options = ("--fill", "silence", "--stages", "explain,flip") if mistake == "--fill" else ("--stages", "explain")
            self.batch(labels, *options, code=code)
            self.assertEqual(self.table(without=("status", "stage", "reason")), before, mistake)
            self.assertEqual((self.output / "summary-by-label.csv").read_bytes(), by_label, mistake)
        self.batch(labels, "--fill", "silence", code=FAILURE)
        self.assertEqual({row["status"] for row in self.table()}, {"different"})
        done = self.relax("report", self.output)
        self.assertEqual(done.returncode, SUCCESS, done.stderr)
        self.assertNotIn("did not finish", (self.output / "report.html").read_text(encoding="utf-8"))
        for name in ("000.wav", "001.wav"):  # results of other recordings say nothing of these
            self.write(name, seed=99)
        self.batch(labels, code=FAILURE)
        self.assertEqual({row["masks"] for row in self.table()}, {""})

    def test_a_batch_of_other_recordings_keeps_the_rows_of_the_first(self):
        first, second = self.write("one/a.wav"), self.write("two/b.wav")
        bad = self.write("one/bad.wav")
        bad.write_bytes(b"RIFF")
        self.batch(self.recordings / "one", code=SOME_FAILED)
        before = self.table()
        self.assertEqual(len(before), 2)
        self.assertIn("1 done", self.batch(self.recordings / "two").stdout)
        rows = self.table()
        self.assertEqual(rows[:2], before)
        self.assertEqual([row["file"] for row in rows], [str(first), str(bad), str(second)])
        bad.unlink()
        for path in self.output.glob("a.*"):
            path.unlink()
        self.batch(self.recordings / "two")  # what nothing is left of goes
        self.assertEqual([row["file"] for row in self.table()], [str(second)])

    def test_a_table_of_the_users_is_refused_before_any_work(self):
        self.write_some(1)
        labels = self.recordings / "set.csv"
        labels.write_text("file,label\n000.wav,dog\n")
        self.output.mkdir()
        for name in ("summary.csv", "summary-by-label.csv", "dog.mean.npz"):
            mine = self.output / name
            mine.write_text("mine")
            for options in ((), ("--overwrite",), ("--dry-run",)):
                done = self.relax(*self.command(labels, *options))
                self.assertEqual((done.returncode, done.stdout), (FAILURE, ""))
                self.assertIn(f"{mine}: already exists, and nothing in it says", done.stderr)
            self.assertEqual((self.files_left(), mine.read_text()), ([name], "mine"))
            mine.unlink()

    def test_a_damaged_table_is_refused_with_what_to_do(self):
        self.write_some(1)
        self.batch()
        table = self.output / "summary.csv"
        table.write_text(table.read_text(encoding="utf-8").replace(",done,", ",dome,"), encoding="utf-8")
        done = self.batch(code=FAILURE)
        self.assertIn("summary.csv: line 2: ", done.stderr)
        self.assertIn("; move the table away, and the next batch begins a new one", done.stderr)
        table.unlink()
        self.batch()
        self.assertEqual([row["status"] for row in self.table()], ["kept"])

    def test_arrays_that_cannot_be_opened_are_made_again_when_asked(self):
        self.write_some(2)
        self.batch()
        (self.output / "000.npz").unlink()
        whole = (self.output / "001.npz").read_bytes()
        (self.output / "001.npz").write_bytes(whole[:len(whole) // 2])
        done = self.batch(self.recordings, code=FAILURE)
        self.assertIn("2 different", done.stdout)
        self.assertIn("000.npz", self.table()[0]["reason"])
        self.assertIn("2 done", self.batch(self.recordings, "--overwrite").stdout)
        self.assertEqual((self.output / "001.npz").read_bytes(), whole)

    def test_the_prose_of_a_card_does_not_count(self):
        self.write("a.wav")
        for ending in (".pt", ".json"):
            shutil.copy(self.model("rectangle").with_suffix(ending), self.folder)
        model, card = self.folder / "rectangle.pt", self.folder / "rectangle.json"
        arguments = ("batch", self.recordings, "-o", self.output, *quick(), "--model", model)
        self.assertIn("1 done", self.relax(*arguments).stdout)
        text = json.loads(card.read_text(encoding="utf-8"))
        card.write_text(json.dumps({**text, "description": "other words", "licence": "MIT"}), encoding="utf-8")
        self.assertIn("1 kept", self.relax(*arguments).stdout)

    def test_another_recording_or_model_of_the_same_name_is_different(self):
        self.write("a.wav", seed=1)
        self.batch()
        self.write("a.wav", seed=2)
        self.batch(code=FAILURE)
        self.assertIn("input.sha256", self.table()[0]["reason"])
        self.batch(self.recordings, "--overwrite")
        done = self.relax("batch", self.recordings, "-o", self.output, *quick(), "--model",
                          self.model("constant"))
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("model.sha256", self.table()[0]["reason"])
        self.assertNotIn("model.card", self.table()[0]["reason"])

    def test_a_json_that_is_not_whole_or_no_result_is_not_touched(self):
        self.write_some(3)
        self.batch()
        whole = (self.output / "000.json").read_text(encoding="utf-8")
        (self.output / "000.json").write_text(whole[:100], encoding="utf-8")
        (self.output / "001.json").write_text('{"notes": "mine"}', encoding="utf-8")
        before = self.states()
        self.batch(code=SOME_FAILED)
        self.assertEqual([row["status"] for row in self.table()], ["different", "different", "kept"])
        self.assertEqual(self.states(), before)
        self.batch(self.recordings, "--overwrite", code=SOME_FAILED)  # what is not its own stays
        self.assertEqual([row["status"] for row in self.table()], ["done", "failed", "kept"])
        self.assertEqual((self.output / "001.json").read_text(encoding="utf-8"), '{"notes": "mine"}')

    def test_files_of_others_are_not_overwritten(self):
        self.write("a.wav")
        self.output.mkdir()
        (self.output / "a.npz").write_bytes(b"mine")
        self.batch(code=FAILURE)
        self.assertIn("already exists, and nothing in it says that relax-spectro made it", self.table()[0]["reason"])
        self.assertEqual((self.output / "a.npz").read_bytes(), b"mine")

    def test_what_a_killed_run_left_is_cleared_and_nothing_else(self):
        self.write_some(2)
        self.output.mkdir()
        mine = [".000.12.partial.json", ".000.12.partial.npz", ".001.flip.7.partial.npz",
                ".001.7.partial.npz.aB12cd",  # libzip's
                ".summary.12.partial.csv", "000.npz"]  # 000.npz: all but its JSON was in place
        others = [".other.12.partial.npz", ".000.notes", "other.npz"]
        for name in mine + others:
            (self.output / name).write_bytes(b"PK relax-spectro 0.1.0")
        self.assertIn("2 done", self.batch().stdout)
        self.assertEqual(self.files_left(), sorted([*others, "000.json", "000.npz", "001.json",
                                                    "001.npz", "summary.csv"]))

    def test_killed_at_random_moments_and_run_again_it_is_as_if_never_killed(self):
        self.write_some(12)
        (self.recordings / "005.wav").write_bytes(b"not a recording")
        whole = self.folder / "whole"
        options = (self.recordings, "--stages", "explain,flip")
        started = time.monotonic()
        self.batch(*options, output=whole, code=SOME_FAILED, masks=400)
        seconds = time.monotonic() - started
        moments = random.Random(20)
        for _ in range(4):
            run = self.start("--stages", "explain,flip", masks=400)
            time.sleep(moments.uniform(0.1, 0.6) * seconds)
            run.send_signal(signal.SIGKILL)
            run.communicate()
            finished = {path: state for path, state in self.states().items()
                        if path.with_suffix(".json").exists() and path.name[0] != "."}
        self.batch(*options, code=SOME_FAILED, masks=400)
        for path, state in finished.items():
            self.assertEqual(self.states()[path], state, path)
        self.assertEqual(self.table(without=TIMES), self.table(output=whole, without=TIMES))
        self.assertEqual(self.contents(), self.contents(whole))
        self.assertFalse([name for name in self.files_left() if "partial" in name])

    def test_two_at_work_on_one_table_are_refused(self):
        self.write_some(40)
        first = self.start(masks=2000)
        deadline = time.monotonic() + 60
        while not list(self.output.glob("*.json")) and time.monotonic() < deadline:
            time.sleep(0.01)
        done = self.batch(code=FAILURE, masks=2000)
        self.assertIn("another relax-spectro batch is at work", done.stderr)
        self.assertIsNone(first.poll(), "the first was through before the second came")
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)
        self.assertEqual(first.returncode, INTERRUPTED)

    def test_a_signal_ends_it_cleanly_with_the_table_so_far(self):
        self.write_some(40)
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                output = self.folder / f"results-{number}"
                run = self.start(output=output, masks=2000)
                deadline = time.monotonic() + 60
                while not list(output.glob("*.json")) and time.monotonic() < deadline:
                    time.sleep(0.01)
                run.send_signal(number)
                said, errors = run.communicate(timeout=60)
                self.assertEqual(run.returncode, INTERRUPTED, errors)
                self.assertIn("interrupted", errors)
                rows = self.table(output=output)
                self.assertTrue(0 < len(rows) < 40, len(rows))
                self.assertIn(f"{len(rows)} done", said)
                self.assertEqual(len(list(output.glob("*.json"))), len(rows))
                self.assertFalse(list(output.glob(".*")))


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
        self.assertIn("there is no mean map of 'tone/1'", done.stderr)
        self.assertFalse((self.output / "tone_1.mean.npz").exists())
        rows = {row["label"]: row for row in self.table("summary-by-label.csv")}
        self.assertEqual(list(rows), ["noise", "tone/1"])
        gains = [float(row["gain_over_chance"]) for row in self.table() if row["label"] == "noise"]
        self.assertAlmostEqual(float(rows["noise"]["mean_gain_over_chance"]), np.mean(gains),
                               places=4)
        self.assertEqual(rows["noise"]["with_gains"], "3")
        self.assertEqual(rows["noise"]["mean_gain_over_chance_low"], "")  # of three recordings
        maps = [np.load(self.output / f"noise{i}.npz")["contrast"] for i in range(3)]
        with np.load(self.output / "noise.mean.npz") as mean:
            np.testing.assert_allclose(mean["contrast"], np.mean(maps, axis=0), atol=1e-12)
            np.testing.assert_allclose(mean["contrast_sd"], np.std(maps, axis=0, ddof=1),
                                       atol=1e-12)
            self.assertEqual(mean["files"][0], 3)

    def test_recordings_named_as_what_stages_write_get_other_names(self):
        self.write("dog.wav", seed=1)
        for i, ending in enumerate(("flip", "mean", "sanity", "regions"), 2):
            self.write(f"dog.{ending}.wav", seed=i)
        labels = self.recordings / "set.csv"
        labels.write_text("file,label\ndog.wav,dog\n" + "".join(
            f"dog.{ending}.wav,dog\n" for ending in ("flip", "mean", "sanity", "regions")))
        self.batch(labels, "--stages", "explain,flip")
        self.assertEqual([row["result"] for row in self.table()],
                         ["dog.flip_wav", "dog.mean_wav", "dog.regions_wav", "dog.sanity_wav", "dog"])
        with np.load(self.output / "dog.mean.npz") as mean:
            self.assertEqual(mean["files"][0], 5)
        flip = json.loads((self.output / "dog.flip.json").read_text(encoding="utf-8"))
        self.assertEqual(flip["input"]["path"], f"{self.recordings}/dog.wav")


if __name__ == "__main__":
    unittest.main()
