"""batch, run again: what it keeps, what it makes again, and how it continues after an interruption."""

import json
import random
import shutil
import signal
import time
import unittest

from batch_test_case import Batch, INTERRUPTED, TIMES
from cli_test_case import FAILURE, SOME_FAILED, SUCCESS, quick


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
        recording = self.write("a.wav")
        reference = self.write("b.wav", seed=9)
        runs = ((), ("--family", "time-frequency"), ("--family", "window", "--window", "4x4"),
                ("--keep", "0.3", "--hop", "0.05"), ("--reference", reference), ("--repeat", "5"),
                ("--fill", "blur", "--score", "l2"),
                ("--estimator", "mask-sum", "--design", "independent"))
        for i, options in enumerate(runs):
            with self.subTest(options):
                output = self.folder / f"results-{i}"
                arguments = (recording, *options, "--stages", "explain,flip")
                grid = "500Hzx0.05s" if i == 0 else "4x4"
                for said in ("1 done", "1 kept"):
                    self.assertIn(said, self.batch(*arguments, output=output, grid=grid).stdout)

    def test_a_result_that_was_made_otherwise_is_different_until_overwritten(self):
        self.write_some(2)
        self.batch()
        before = self.states()
        done = self.batch(self.recordings, "--seed", "5", code=FAILURE)
        self.assertIn("2 different", done.stdout)
        rows = self.table()
        self.assertEqual(rows[0]["stage"], "explain")
        self.assertIn("options.masks.seed is 0, now 5; use --overwrite or another -o", rows[0]["reason"])
        self.assertIn(rows[0]["reason"], done.stderr)
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
        for name in ("000.wav", "001.wav"):  # other recordings' results do not matter here
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
        self.batch(self.recordings / "two")  # rows without a recording or a result are dropped
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
                self.assertIn(f"{mine}: already exists, and relax-spectro did not make it", done.stderr)
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
        self.batch(self.recordings, "--overwrite", code=SOME_FAILED)  # files of others stay
        self.assertEqual([row["status"] for row in self.table()], ["done", "failed", "kept"])
        self.assertEqual((self.output / "001.json").read_text(encoding="utf-8"), '{"notes": "mine"}')

    def test_files_of_others_are_not_overwritten(self):
        self.write("a.wav")
        self.output.mkdir()
        (self.output / "a.npz").write_bytes(b"mine")
        self.batch(code=FAILURE)
        self.assertIn("already exists, and relax-spectro did not make it", self.table()[0]["reason"])
        self.assertEqual((self.output / "a.npz").read_bytes(), b"mine")

    def test_what_a_killed_run_left_is_cleared_and_nothing_else(self):
        self.write_some(2)
        self.output.mkdir()
        mine = [".000.12.partial.json", ".000.12.partial.npz", ".001.flip.7.partial.npz",
                ".001.7.partial.npz.aB12cd",  # libzip's
                ".summary.12.partial.csv", "000.npz"]  # 000.npz: only its JSON was missing
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
        self.assertIn("another relax-spectro batch is writing", done.stderr)
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


if __name__ == "__main__":
    unittest.main()
