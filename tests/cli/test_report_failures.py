"""report: what is damaged, missing, hostile or not to be trusted."""

import shutil
import unittest

from cli_test_case import FAILURE, SOME_FAILED, USAGE, noise, quick, write_wav
from report_test_case import ReportTestCase

HOSTILE = "<script>alert(1)</script> & \"x\" 'y' %41"


class ReportFailures(ReportTestCase):
    def test_another_recording_of_that_name_is_not_played(self):
        recording = self.result()
        write_wav(recording, noise(0.3, seed=2))
        page, said = self.report()
        self.assertEqual(page.all("audio"), [])
        self.assertIn("SHA-256 differs", said)
        recording.unlink()
        page, said = self.report("--overwrite")
        self.assertEqual(page.all("audio"), [])
        self.assertIn("cannot be read", page.classed("p", "sound-note")[0]["text"])

    def test_no_name_becomes_markup(self):
        name = HOSTILE.replace("/", "\\")
        self.result(name)
        page, _ = self.report()
        self.assert_self_contained(page)
        self.assertEqual(page.all("h3")[0]["text"], name)
        self.assertIn(name, page.all("audio")[0]["aria-label"])
        self.assertNotIn("alert", page.all("script")[0]["text"])
        # and one that is not UTF-8
        for ending in (b".json", b".npz"):
            shutil.copyfile(f"{self.output}/{name}{ending.decode()}", bytes(self.output) + b"/\xff" + ending)
        page, _ = self.report("--overwrite")
        self.assertEqual([heading["text"] for heading in page.all("h3")], [f"{name}.wav"])
        for heading, expected in zip(page.all("h4"), (name, "\N{REPLACEMENT CHARACTER}")):
            self.assertEqual(heading["text"].rpartition(":")[0], expected)

    def test_damaged_results_are_listed_and_do_not_stop_the_rest(self):
        for seed, name in enumerate(("dog", "owl", "fox")):
            self.result(name, seed=seed)
        self.flip("owl")
        (self.output / "dog.npz").write_bytes(b"PK")
        (self.output / "cut.json").write_text("{", encoding="utf-8")
        (self.output / "owl.flip.npz").unlink()
        page, said = self.report(code=SOME_FAILED)
        listed = page.classed("ul", "bad")[0]["text"]
        self.assertIn("dog.npz", listed)
        self.assertIn("cut.json", listed)
        self.assertEqual([heading["text"] for heading in page.all("h3")], ["fox", "owl"])
        self.assertIn("owl.flip.npz", page.classed("li", "bad")[-1]["text"])
        self.assertIn("3 of 4 results could not be read", said)
        for name in ("fox", "owl"):
            (self.output / f"{name}.json").unlink()
        self.report("--overwrite", code=FAILURE)

    def test_recordings_that_a_batch_failed_on_are_listed(self):
        recordings = self.folder / "recordings"
        write_wav(recordings / "dog.wav", noise(0.3, seed=1))
        (recordings / "bad, quite.wav").write_bytes(b"RIFF")
        done = self.relax("batch", recordings, "--model", self.model("rectangle"), "-o", self.output, *quick())
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        page, _ = self.report()
        listed = page.classed("ul", "bad")[0]["text"]
        self.assertIn("bad, quite.wav", listed)
        self.assertIn("read: ", listed)
        self.assertNotIn("dog", listed)
        self.assertEqual([heading["text"] for heading in page.all("h3")], ["dog"])

    def test_a_batch_of_which_nothing_came_has_a_page(self):
        bad = self.folder / "bad.wav"
        bad.write_bytes(b"RIFF")
        done = self.relax("batch", bad, "--model", self.model("rectangle"), "-o", self.output, *quick())
        self.assertEqual(done.returncode, FAILURE, done.stderr)
        page, _ = self.report()
        self.assertIn("bad.wav", page.classed("ul", "bad")[0]["text"])

    def test_failures_of_shards_and_of_folders_below_are_listed_until_they_are_mended(self):
        recordings = self.folder / "recordings"
        for i in range(4):
            write_wav(recordings / f"{i}.wav", noise(0.3, seed=i))
        for i in (1, 2):
            (recordings / f"{i}.wav").write_bytes(b"RIFF")
        batch = ("batch", recordings, "--model", self.model("rectangle"), *quick())
        for shard in ("1/2", "2/2"):
            self.assertEqual(self.relax(*batch, "-o", self.output / "night", "--shard", shard).returncode, SOME_FAILED)
        listed = self.report()[0].classed("ul", "bad")[0]["text"]
        self.assertEqual([name in listed for name in ("0.wav", "1.wav", "2.wav", "3.wav")], [False, True, True, False])
        for i in (1, 2):
            write_wav(recordings / f"{i}.wav", noise(0.3, seed=i))
        self.assertEqual(self.relax(*batch, "-o", self.output / "night").returncode, 0)
        self.assertEqual(self.report("--overwrite")[0].classed("ul", "bad"), [])

    def test_failures_behind_a_linked_folder_are_listed(self):
        recordings = self.folder / "recordings"
        write_wav(recordings / "dog.wav", noise(0.3, seed=1))
        (recordings / "bad.wav").write_bytes(b"RIFF")
        disk = self.folder / "disk"
        done = self.relax("batch", recordings, "--model", self.model("rectangle"), "-o", disk, *quick())
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        self.output.mkdir()
        (self.output / "site").symlink_to(disk)
        page, _ = self.report()
        self.assertIn("bad.wav", page.classed("ul", "bad")[0]["text"])
        self.assertEqual([heading["text"] for heading in page.all("h3")], ["site/dog"])

    def test_a_batch_table_that_cannot_be_read_is_listed(self):
        self.result("dog")
        (self.output / "summary.csv").write_text('file,status,stage,reason,result,relax_spectro\n"dog.wav,failed,read,unclosed\n')
        page, said = self.report(code=SOME_FAILED)
        self.assertIn("summary.csv: line 2", said)
        self.assertIn("summary.csv: line 2", page.classed("ul", "bad")[0]["text"])
        self.assertEqual([heading["text"] for heading in page.all("h3")], ["dog"])

    def test_tests_of_another_result_are_left_out_and_told(self):
        self.result("dog", model="two-layers")
        self.flip("dog")
        self.sanity("dog")
        self.result("dog", "--score", "dot", "--overwrite", model="two-layers")  # same recording and model
        page, said = self.report()
        for test in ("flipping", "sanity check"):
            self.assertIn(f"the {test} beside it belongs to another result", said)
            self.assertIn(f"the {test} beside it belongs to another result", page.all("details")[1]["text"])
        self.assertEqual(page.classed("figure", "curves"), [])
        self.assertNotIn("Sanity", page.classed("ul", "said")[0]["text"])
        self.assertFalse(any(header["text"].strip() == "Sanity" for header in page.all("th", scope="col")))

    def test_windows_that_are_not_above_their_noise_are_told(self):
        recording = self.noise_file("flat.wav")
        self.relax("explain", recording, "--model", self.model("constant"), "-o", self.output, "--quiet", *quick())
        page, _ = self.report()
        self.assertIn("Unresolved", page.classed("ul", "said")[0]["text"])
        self.assertIn("unresolved", page.classed("img", "map")[0]["alt"])
        self.assertEqual(page.all("rect", **{"class": "outline"}), [])
        self.assertEqual(len(page.all("rect", **{"class": "veil"})), 1)
        # beside a map that can be read, it does not take over the colours of that one
        self.relax("explain", recording, "--model", self.model("rectangle"), "-o", self.output / "other", "--quiet", *quick())
        page, _ = self.report("--overwrite")
        legends = [legend["text"] for legend in page.classed("p", "legend")]
        self.assertEqual([legend == "There is no map to be read." for legend in legends], [True, False])

    def test_refusals(self):
        empty = self.folder / "empty"
        empty.mkdir()
        self.output.mkdir()
        for arguments, code, expected in (
                ((), USAGE, ("RESULT is required",)),
                ((self.folder / "nowhere",), FAILURE, ("nowhere", "no such")),
                ((empty,), FAILURE, ("empty", "no result")),
                ((empty, "--audio", "all"), USAGE, ("embed, link, none",)),
                ((empty, "--audio-limit", "-1"), USAGE, ("--audio-limit is -1",))):
            with self.subTest(arguments):
                self.assert_refused(("report", *arguments), code, *expected)
        self.result("dog")
        self.report()
        before = self.page.read_bytes()
        done = self.relax("report", self.output)
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("--overwrite", done.stderr)
        self.assertEqual(self.page.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
