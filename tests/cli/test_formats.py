"""data/FORMAT.md has every array, field and column that the stages write, and names no others."""

import csv
import json
import re
import unittest

import numpy as np
from cli_test_case import ONE_WINDOW_S, SOURCE_FOLDER, CliTestCase, noise, quick, tone, write_wav

DOCUMENT = SOURCE_FOLDER / "data/FORMAT.md"


class Section:
    """A part of the document, and the names in the first columns of its tables."""

    def __init__(self, text):
        self.text = text
        self.names = {}  # by what the first column's heading says
        heading = ""
        for row in re.findall(r"^\|.*$|^$", text, flags=re.M):
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            if not row:
                heading = ""
            elif not heading:
                heading = cells[0]
            else:
                found = re.findall(r"`([^`]+)`", cells[0])
                self.names.setdefault(heading, set()).update(name.split(".")[-1] for name in found)

    def mentions(self, name):
        return f"`{name}`" in self.text or f".{name}`" in self.text


def sections():
    parts = re.split(r"^## (.*)$", DOCUMENT.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub("[`:]", "", title): Section(text) for title, text in zip(parts[1::2], parts[2::2])}


def fields_of(json_value):
    """All names of fields, at any depth, without those of a model's card."""
    if isinstance(json_value, list):
        return set().union(*map(fields_of, json_value))
    if not isinstance(json_value, dict):
        return set()
    inside = (fields_of(value) for name, value in json_value.items() if name != "card")
    return set(json_value).union(*inside)


def matches(pattern, name):
    return re.fullmatch(re.escape(pattern).replace("…", ".+"), name)


class Formats(CliTestCase):
    def setUp(self):
        super().setUp()
        self.documented = sections()
        self.recording = write_wav(self.folder / "dog.wav", tone(500, 2 * ONE_WINDOW_S))
        self.boxes = self.folder / "boxes.csv"
        self.boxes.write_text("start_s,end_s\n0.01,0.05\n")

    def made(self, *arguments, exit_codes=(0,)):
        done = self.relax(*arguments)
        self.assertIn(done.returncode, exit_codes, done.stderr)

    def maps(self, folder, *options, model="tuple"):
        """A result of a recording, in a folder."""
        self.made("explain", self.recording, "--model", self.model(model), *quick(64), "-q", "-o", folder, *options)
        return self.folder / folder / "dog.json"

    def arrays(self, *paths):
        found = set()
        for path in paths:
            with np.load(self.folder / path) as arrays:
                found.update(arrays.files)
        return found

    def fields(self, *paths):
        return fields_of([json.loads((self.folder / path).read_text(encoding="utf-8")) for path in paths])

    def columns(self, path):
        with open(self.folder / path, newline="", encoding="utf-8") as file:
            return set(csv.DictReader(file, delimiter="\t" if str(path).endswith(".txt") else ",").fieldnames)

    def assert_documented(self, section, kind, found):
        names = self.documented[section].names[kind]
        self.assertEqual({name for name in found if not any(matches(one, name) for one in names)}, set(), section)
        self.assertEqual({one for one in names if not any(matches(one, name) for name in found)}, set(), section)

    def assert_fields_documented(self, section, found):
        """Fields within others, such as `engine`, may be those of a result."""
        mentioned = (self.documented[section], self.documented["explain JSON"])
        self.assertEqual({name for name in found if not any(part.mentions(name) for part in mentioned)}, set(), section)
        fields = self.documented[section].names["field"]
        self.assertEqual(fields - found, set(), section)

    def test_results(self):
        self.maps("drawn", "--repeat", 2)
        self.maps("swept", "--family", "window", "--window", "4x4,8x8")
        self.assert_documented("explain arrays", "array", self.arrays("drawn/dog.npz", "swept/dog.npz"))
        self.made("explain", self.recording, "--model", self.model("tuple"), *quick(64, grid="adaptive"), "-q", "-o", "split")
        self.maps("several", "--score", "low-high,cosine")
        self.assert_fields_documented("explain JSON", self.fields(
            "drawn/dog.json", "swept/dog.json", "split/dog.json", "several/dog@low-high.json"))

    def test_flippings(self):
        result = self.maps("results", "--score", "prob:top")
        for protocol in ("orders", "rise", "quantus"):
            self.made("flip", result, "--protocol", protocol, "--random", 2, "--step-size", 20, "--figure", "none", "-q",
                      "-o", protocol)
        paths = [f"{protocol}/dog.flip" for protocol in ("orders", "rise", "quantus")]
        self.assert_documented("flip", "array", self.arrays(*(f"{path}.npz" for path in paths)))
        self.assert_fields_documented("flip", self.fields(*(f"{path}.json" for path in paths)))

    def test_sanity_checks(self):
        self.made("sanity", self.maps("results", model="two-layers"), "--shuffles", 3, "--cascade", 2, "--figure", "none", "-q",
                  "-o", "sane")
        self.assert_documented("sanity", "array", self.arrays("sane/dog.sanity.npz"))
        self.assert_fields_documented("sanity", self.fields("sane/dog.sanity.json"))

    def test_interactions(self):
        (self.folder / "labels.csv").write_text("file,label\ndog.wav,dog\n")
        self.made("interactions", self.recording, "--model", self.model("tuple"), "--labels", "labels.csv", "-q", "-o", "i")
        self.assert_documented("interactions", "array", self.arrays("i/dog.interactions.npz"))
        self.assert_fields_documented("interactions", self.fields("i/dog.interactions.json"))
        columns = self.columns("i/dog.interactions.csv")
        self.assert_documented("interactions", "column", columns)
        self.assert_documented("interactions", "column of by_label", self.columns("i/by_label.interactions.csv") - columns)

    def test_listen(self):
        write_wav(self.recording, noise(ONE_WINDOW_S))
        self.made("explain", self.recording, "--model", self.model("tuple"), *quick(512), "--fill", "silence", "-q", "-o", "m")
        self.made("listen", "m/dog.json", "-q", "-o", "l")
        self.made("listen", "m/dog.json", "--select", "regions", "-q", "-o", "r")
        self.assert_fields_documented("listen", self.fields("l/dog.listen.json", "r/dog.listen.json"))

    def test_copies(self):
        write_wav(self.recording, noise(ONE_WINDOW_S))
        (self.folder / "labels.csv").write_text("file,label,group,fold\ndog.wav,low,site,1\n")
        self.made("batch", "labels.csv", "--model", self.model("tuple"), *quick(512), "--score", "label", "-q", "-o", "m")
        self.made("featout", "m", "--labels", "labels.csv", "--which", "all", "-q", "-o", "f")
        self.assert_documented("featout", "array", self.arrays("f/dog.featout.npz"))
        self.assert_documented("featout", "column", self.columns("f/manifest.csv"))

    def test_checks(self):
        card = json.loads(self.model("tuple").with_suffix(".json").read_text(encoding="utf-8"))
        card["labels"].reverse()
        (self.folder / "other.json").write_text(json.dumps(card), encoding="utf-8")
        (self.folder / "other.pt").write_bytes(self.model("tuple").read_bytes())
        self.maps("base", "--evaluate")
        self.made("explain", self.recording, "--model", "other.pt", *quick(64), "-q", "--evaluate", "-o", "now")
        self.made("check", "base", "now", "--json", "check.json", "-q", exit_codes=(1,))
        self.assert_fields_documented("check", self.fields("check.json"))

    def test_comparisons(self):
        for i in range(6):
            recording = write_wav(self.folder / f"{i}.wav", tone(100 * (i + 3), ONE_WINDOW_S))
            for folder, seed in (("one", 1), ("two", 2)):
                self.made("explain", recording, "--model", self.model("tuple"), *quick(64), "-q", "--seed", seed, "-o", folder)
        self.made("compare", "one", "two", "-q", "-o", "c")
        self.assert_fields_documented("compare", self.fields("c/comparison.json"))
        for table in ("profile", "clusters", "regions", "recordings"):
            self.assert_documented("compare", f"column of {table}", self.columns(f"c/{table}.csv"))

    def test_tables(self):
        result = self.maps("results")
        self.made("localise", result, "--boxes", self.boxes, "-o", "table.csv", "-q")
        self.assert_documented("localise", "column", self.columns("table.csv"))
        self.made("regions", result, "-q", "-o", "regions")
        for ending in ("regions.csv", "regions.selections.txt"):
            row = re.search(rf"^\| `{ending}` \| (`.*) \|$", self.documented["regions"].text, flags=re.M).group(1)
            self.assertEqual(set(re.findall(r"`([^`]+)`", row)), self.columns(f"regions/{ending}"))

    def test_batches(self):
        (self.folder / "list.csv").write_text("file,label\ndog.wav,dog\n")
        self.made("batch", "list.csv", "--model", self.model("tuple"), *quick(64), "--stages", "explain,flip", "-q",
                  "-o", "batch")
        self.assert_documented("batch", "column", self.columns("batch/summary.csv") | self.columns("batch/summary-by-label.csv"))
        self.assert_documented("batch", "array", self.arrays("batch/dog.mean.npz"))

    def test_assessments(self):
        (self.folder / "p.csv").write_text("file,low,high\na.wav,0.8,0.2\nb.wav,0.4,0.6\nc.wav,0.7,0.3\n")
        (self.folder / "q.csv").write_text("file,low,high\na.wav,0.9,0.1\nb.wav,0.3,0.7\nc.wav,0.2,0.8\n")
        (self.folder / "labels.csv").write_text("file,label\na.wav,low\nb.wav,high\nc.wav,high\n")
        self.made("assess", "p.csv", "q.csv", "--labels", "labels.csv", "--threshold", "kappa:0.1", "-o", "a")
        mentioned = (self.documented["assess"], self.documented["probe"])
        self.assertEqual({name for name in self.fields("a.assess.json") if not any(part.mentions(name) for part in mentioned)},
                         set())
        for table in ("influence", "members", "slices", "perturbations", "suspects"):
            self.assert_documented("assess", f"column of {table}", self.columns(f"a.{table}.csv"))

    def test_spaces(self):
        np.savez(self.folder / "e.npz", embedding=np.eye(4), bands=np.eye(4), file_index=np.arange(4))
        (self.folder / "e.json").write_text(json.dumps({
            "format": "relax-spectro embeddings", "files": ["a.wav", "b.wav", "c.wav", "d.wav"], "labels": [],
            "model": {"path": "m.pt", "sha256": "ab", "name": "m"}}))
        (self.folder / "labels.csv").write_text("file,label\na.wav,low\nb.wav,high\nc.wav,high\nd.wav,low\n")
        self.made("space", "e.npz", "--labels", "labels.csv", "-o", "s")
        section = self.documented["space"]
        self.assertEqual({name for name in self.fields("s.space.json") if not section.mentions(name)}, set())
        for table in ("space", "neighbours", "labels", "twins", "clusters", "reach"):
            self.assert_documented("space", f"column of {table}", self.columns(f"s.{table}.csv"))

    def test_embeddings_spectrograms_and_masks(self):
        for path in ("embed.npz", "embed.csv"):
            self.made("embed", self.recording, "--model", self.model("tuple"), "--perturb", "mask:0.5", "-q",
                      "-o", path)
        self.assert_documented("embed", "array", self.arrays("embed.npz"))
        self.assertEqual(self.fields("embed.json") - {"path", "sha256", "name"},
                         self.documented["embed"].names["JSON field"])
        self.assertLessEqual({"file", "first_frame_s", "last_frame_s", "relax_spectro", "heard", "heard_probability",
                              "perturbation", "copy", "embedding_0", "embedding_1"},
                             self.columns("embed.csv"))
        self.made("spectrogram", self.recording, "--model", self.model("tuple"), "--figure", "none", "-q", "-o", "seen")
        for name in self.arrays("seen/dog.spectrogram.npz"):
            self.assertTrue(self.documented["spectrogram"].mentions(name), name)
        self.made("masks", "--model", self.model("tuple"), "--grid", "1000Hzx0.05s", "--edges", "hard", "--expanded", "-n", 3,
                  "-o", "masks.npz", "-q")
        self.assert_documented("masks", "array", self.arrays("masks.npz"))


if __name__ == "__main__":
    unittest.main()
