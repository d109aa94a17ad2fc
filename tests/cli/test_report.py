"""report: what stands on its page."""

import base64
import json
import re
import unittest
import urllib.parse

from cli_test_case import noise, quick, write_wav
from report_test_case import ReportTestCase


class Report(ReportTestCase):
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
        self.assertEqual(len(page.all("img")), 4)
        self.assertEqual(len(page.all("image")), 2)
        for image in page.all("img") + page.all("image"):
            source = image.get("src") or image["href"]
            self.assertEqual(base64.b64decode(source.split(",")[1], validate=True)[:4], b"\x89PNG")
        for text in [image["alt"] for image in page.all("img")] + [svg["aria-label"] for svg in page.classed("svg", "sound")]:
            self.assertGreater(len(text), 20)
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

    def test_the_parts_of_listen_play_beside_the_recording(self):
        self.result()
        self.assert_succeeds(("listen", self.output / "dog.json", "-o", self.output, "--quiet"))
        listened = self.output / "dog.listen.json"
        made = json.loads(listened.read_text(encoding="utf-8"))
        listened.write_text(json.dumps({**made, "warnings": ["hum < hiss"]}), encoding="utf-8")
        page, _ = self.report()
        self.assert_self_contained(page)
        html = self.page.read_text(encoding="utf-8")
        self.assertIn("hum &lt; hiss.", html)
        for sound in made["sounds"]:
            self.assertIn(f"(cosine with what the network was given: {sound['cosine']:.2f})", html)
        titles = [player["aria-label"] for player in page.all("audio")]
        self.assertEqual(titles, ["Recording dog", "Salient part of dog", "Rest of dog"])
        for player, part in zip(page.all("audio")[1:], ("salient", "rest")):
            content = base64.b64decode(player["src"].split(",")[1], validate=True)
            self.assertEqual(content, (self.output / f"dog.{part}.wav").read_bytes())
        result = self.output / "dog.json"
        result.write_text(result.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        page, said = self.report("--overwrite")
        self.assertEqual(len(page.all("audio")), 1)
        self.assertIn("dog.listen.json was made from another result", said)

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

    def test_results_by_name_and_another_place(self):
        self.result("dog")
        self.result("owl", output=self.output / "night", seed=2)
        page, _ = self.report()
        self.assertEqual([heading["text"] for heading in page.all("h3")], ["dog", "night/owl"])
        self.page = self.folder / "pages/one.html"
        page, _ = self.report("-o", self.page, paths=[self.output / "night/owl.json"])
        self.assertEqual(len(page.all("h3")), 1)
        self.assertEqual([path.name for path in self.page.parent.iterdir()], ["one.html"])


if __name__ == "__main__":
    unittest.main()
