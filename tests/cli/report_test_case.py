"""What the tests of report share: its page, read by a strict parser."""

from html.parser import HTMLParser

from cli_test_case import CliTestCase, SUCCESS, noise, write_wav

VOID = {"meta", "link", "img", "input", "br"}


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


class ReportTestCase(CliTestCase):
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
