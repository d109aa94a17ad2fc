"""report: its page, read by a strict parser."""

import base64
import json
import re
import shutil
import unittest
import urllib.parse
from html.parser import HTMLParser

from cli_test_case import CliTestCase, FAILURE, SOME_FAILED, SUCCESS, USAGE, noise, quick, write_wav

VOID = {"meta", "link", "img", "input", "br"}
HOSTILE = "<script>alert(1)</script> & \"x\" 'y' %41"


class Page(HTMLParser):
    """The elements of a page, in order, each with its text; it has to be well-formed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.open = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        element = {"tag": tag, "text": "", "inside": [other["tag"] for other in self.open], **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1]["tag"] == tag, (tag, [element["tag"] for element in self.open])
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **attributes):
        return [element for element in self.elements if element["tag"] == tag
                and all(element.get(name) == value for name, value in attributes.items())]

    def classed(self, tag, name):
        return [element for element in self.all(tag) if name in element.get("class", "").split()]


class Report(CliTestCase):
    def setUp(self):
        super().setUp()
        self.page = self.output / "report.html"

    def result(self, name="dog", *options, duration_s=0.3, seed=1, **more):
        recording = write_wav(self.folder / f"{name}.wav", noise(duration_s, seed=seed))
        self.explain(recording, *options, **more)
        return recording

    def flip(self, *names):
        self.assert_succeeds(("flip", *[self.output / f"{name}.json" for name in names], "-o", self.output, "--quiet",
                              "--steps", 5, "--random", 3, "--figure", "none", "--threads", "1"))

    def sanity(self, name):
        self.assert_succeeds(("sanity", self.output / f"{name}.json", "-o", self.output, "--quiet", "--figure", "none",
                              "--threads", "1"))

    def report(self, *options, paths=None, code=SUCCESS):
        """Runs the stage, and returns its page and its stderr."""
        done = self.relax("report", *(paths or [self.output]), "--no-progress", *options)
        self.assertEqual(done.returncode, code, done.stderr)
        return Page(self.page.read_text(encoding="utf-8")), done.stderr

    def assert_self_contained(self, page, linked=()):
        for element in page.elements:
            for name in ("src", "href", "poster", "data", "action", "srcset"):
                value = element.get(name)
                if value is None or value in linked:
                    continue
                self.assertRegex(value, r"^(data:|#)", element["tag"])
            self.assertFalse([name for name in element if name.startswith("on")], element["tag"])
            self.assertNotIn("style", element)  # the page's own policy would not allow it
        ids = {element["id"] for element in page.elements if "id" in element}
        for element in page.all("a"):
            if element["href"].startswith("#"):
                self.assertIn(element["href"][1:], ids)
        self.assertEqual(len(page.all("script")), 1)
        self.assertEqual(page.elements[-1]["tag"], "script")

    def test_the_structure_of_a_page(self):
        self.result("dog")
        self.result("owl", duration_s=0.5)
        self.flip("dog", "owl")
        page, said = self.report()
        self.assertEqual(said, "")
        self.assert_self_contained(page)
        self.assertEqual(page.all("html")[0]["lang"], "en")
        headings = [element["tag"] for element in page.elements if re.fullmatch("h[1-6]", element["tag"])]
        self.assertEqual(headings, ["h1", "h2", "h2", "h3", "h3"])
        ids = [element["id"] for element in page.elements if "id" in element]
        self.assertEqual(len(ids), len(set(ids)))
        for element in page.elements:  # references to other elements by id
            for name in ("for", "aria-labelledby", "aria-controls"):
                if name in element:
                    self.assertIn(element[name], ids)
        self.assertEqual(len(page.all("img")), 6)
        for image in page.all("img"):
            self.assertGreater(len(image["alt"]), 20)
            self.assertEqual(base64.b64decode(image["src"].split(",")[1], validate=True)[:4], b"\x89PNG")
        for control in page.all("input") + page.all("audio"):
            self.assertTrue("aria-label" in control or page.all("label", **{"for": control["id"]}), control)
        self.assertEqual(page.elements[[element["tag"] for element in page.elements].index("a")]["href"], "#main")

    def test_the_overview_can_be_sorted_and_agrees_with_the_results(self):
        for seed, name in enumerate(("dog", "owl")):
            self.result(name, seed=seed)
        self.flip("dog")
        page, _ = self.report()
        headers = [element for element in page.all("th", scope="col") if "aria-sort" in element]
        self.assertEqual([header["text"].strip() for header in headers],
                         ["Recording", "Noise", "Verdict", "Gain over loudness / chance"])
        buttons = [button for button in page.all("button") if "thead" in button["inside"]]
        self.assertEqual(len(buttons), len(headers))
        self.assertEqual(len(page.all("rect", **{"class": "outline"})), 2)
        cells = {cell["data-value"] for cell in page.all("td") if "data-value" in cell}
        for name in ("dog", "owl"):
            how = json.loads((self.output / f"{name}.json").read_text(encoding="utf-8"))
            self.assertIn(how["verdict"].replace("not tested: run relax-spectro flip", "") if name == "dog"
                          else how["verdict"], " ".join(cells))
            self.assertIn(how["noise_to_contrast"], [float(cell) for cell in cells if re.fullmatch(r"[0-9.e-]+", cell)])
        self.assertEqual([row["data-value"] for row in page.all("th", scope="row") if "data-value" in row],
                         ["dog", "owl"])

    def test_the_head_says_what_the_page_is_about(self):
        self.result("dog")
        self.result("dog", "--score", "dot", output=self.output / "dot")
        page, _ = self.report()
        head = dict(zip([term["text"] for term in page.all("dt")], page.all("dd")))
        said = page.all("dl")[0]["text"]
        for expected in (str(self.model("rectangle")), "cosine", "dot product", "4x4", "1 recording, 0.3 s", "2 maps"):
            self.assertIn(expected, said)
        self.assertIn("Model", head)
        self.assertIn("listened to", page.classed("p", "reading")[0]["text"])

    def test_labels_of_a_batch_group_the_overview(self):
        recordings = self.folder / "list.csv"
        rows = ["file,label"]
        for seed, (name, label) in enumerate((("a", "owl"), ("b", "dog & cat"), ("c", "owl"))):
            rows.append(f"{write_wav(self.folder / f'{name}.wav', noise(0.3, seed=seed))},{label}")
        recordings.write_text("\n".join(rows) + "\n", encoding="utf-8")
        self.assert_succeeds(("batch", recordings, "--model", self.model("rectangle"), "-o", self.output, *quick()))
        page, _ = self.report()
        self.assertEqual([re.split(" [0-9]", group["text"])[0] for group in page.all("th", scope="rowgroup")],
                         ["dog & cat", "owl"])
        self.assertEqual([heading["text"] for heading in page.all("h3")], ["b", "a", "c"])
        self.assertEqual([row["data-value"] for row in page.all("th", scope="row") if "data-value" in row],
                         ["b", "a", "c"])

    def test_windows_of_a_long_recording_have_a_table(self):
        self.result("dog", duration_s=1.0)
        windows = json.loads((self.output / "dog.json").read_text(encoding="utf-8"))["windows"]
        self.assertGreater(len(windows), 2)
        page, _ = self.report()
        buttons = [button for button in page.all("button") if "data-begin" in button]
        self.assertEqual([button["text"] for button in buttons], [str(i + 1) for i in range(len(windows))])
        for button, window in zip(buttons, windows):
            self.assertLessEqual(float(button["data-begin"]), window["first_frame_s"])
            self.assertGreaterEqual(float(button["data-end"]), window["last_frame_s"])
        self.assertEqual(len(page.all("line", **{"class": "seam"})), len(windows) - 1)

    def test_sound_is_the_recording_to_the_byte(self):
        recording = self.result()
        page, _ = self.report()
        kind, content = page.all("audio")[0]["src"].split(",")
        self.assertEqual(kind, "data:audio/wav;base64")
        self.assertEqual(base64.b64decode(content, validate=True), recording.read_bytes())

    def test_large_recordings_are_linked_from_where_the_page_lies(self):
        name = 'dog # 50% & "owl"'
        recording = self.result(name)
        for options in (("--audio", "link"), ("--audio-limit", "0.001")):
            page, _ = self.report("--overwrite", *options)
            source = page.all("audio")[0]["src"]
            self.assert_self_contained(page, linked=(source,))
            self.assertEqual((self.page.parent / urllib.parse.unquote(source)).resolve(), recording.resolve())
            self.assertIn("media-src data: 'self' file:", page.all("meta")[1]["content"])
        page, _ = self.report("--overwrite", "--audio", "none")
        self.assertEqual(page.all("audio"), [])

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

    def test_flipping_and_sanity_stand_on_the_page_as_they_were_said(self):
        self.result("dog", "--fill", "silence", model="two-layers")
        self.flip("dog")
        self.sanity("dog")
        page, _ = self.report()
        said = page.classed("ul", "said")[0]["text"]
        for test in ("flip", "sanity"):
            how = json.loads((self.output / f"dog.{test}.json").read_text(encoding="utf-8"))
            self.assertIn(how["verdict"], said)
        self.assertEqual(len(page.classed("polyline", "line")), 4)
        self.assertEqual(len(page.classed("polygon", "random")), 1)
        areas = [row["text"] for row in page.all("tr") if "figcaption" in row["inside"]]
        self.assertEqual(len(areas), 4)
        self.assertTrue(any(header["text"].strip() == "Sanity" for header in page.all("th", scope="col")))

    def test_how_it_was_made_stands_on_the_page(self):
        self.result("dog", "--seed", 42)
        how = json.loads((self.output / "dog.json").read_text(encoding="utf-8"))
        page, _ = self.report()
        facts = dict(zip([cell["text"] for cell in page.all("th", scope="row") if "details" in cell["inside"]],
                         [cell["text"] for cell in page.all("td") if "details" in cell["inside"]]))
        self.assertEqual(facts["Command line"], how["command_line"])
        self.assertEqual(facts["SHA-256 of the model"], how["model"]["sha256"])
        self.assertEqual(facts["SHA-256 of the recording"], how["input"]["sha256"])
        self.assertEqual(facts["Made by"], f"relax-spectro {how['tool_version']}")
        self.assertEqual(facts["Seed"], "42")
        self.assertEqual(json.loads(page.all("pre")[0]["text"]), how["options"])

    def test_windows_that_are_not_above_their_noise_are_told(self):
        recording = self.noise_file("flat.wav")
        self.relax("explain", recording, "--model", self.model("constant"), "-o", self.output, "--quiet", *quick())
        page, _ = self.report()
        self.assertIn("Unresolved", page.classed("ul", "said")[0]["text"])
        self.assertIn("unresolved", page.all("img")[2]["alt"])

    def test_results_by_name_and_another_place(self):
        self.result("dog")
        self.result("owl", output=self.output / "night", seed=2)
        page, _ = self.report()
        self.assertEqual([heading["text"] for heading in page.all("h3")], ["dog", "night/owl"])
        self.page = self.folder / "pages/one.html"
        page, _ = self.report("-o", self.page, paths=[self.output / "night/owl.json"])
        self.assertEqual(len(page.all("h3")), 1)
        self.assertEqual([path.name for path in self.page.parent.iterdir()], ["one.html"])

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
