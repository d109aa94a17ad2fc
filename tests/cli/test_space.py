"""space: its tables, of neighbours, labels and recordings that are there twice."""

import csv
import json
import re
import unittest

import numpy as np

from cli_test_case import CliTestCase, FAILURE, USAGE, noise, write_wav

CLASSES = ("owl", "tit", "wren")


class Space(CliTestCase):
    def setUp(self):
        super().setUp()
        random = np.random.default_rng(1)
        self.truth = np.arange(60) % 3
        self.embeddings = np.maximum(random.normal(size=(60, 8)) + 3 * np.eye(8)[self.truth], 0)
        self.groups = [f"site {i // 4}" for i in range(60)]
        self.write_labels([CLASSES[i] for i in self.truth])
        self.write_embeddings()

    def write_labels(self, labels):
        with open(self.folder / "labels.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("file", "label", "group"))
            writer.writerows((f"{i}.wav", label, self.groups[i]) for i, label in enumerate(labels))

    def write_embeddings(self, copies=()):
        """Two windows a recording. Copies: the name of a change, its number, and all embeddings."""
        names = ["none", *dict.fromkeys(name for name, _, _ in copies)]
        keys = [("none", 0, self.embeddings), *copies]
        windows = np.concatenate([np.repeat(rows, 2, axis=0) for _, _, rows in keys])
        windows += np.tile([[0.5], [-0.5]], (len(windows) // 2, 1))
        more = {"perturbation": np.repeat([names.index(name) for name, _, _ in keys], 120),
                "copy": np.repeat([copy for _, copy, _ in keys], 120)} if copies else {}
        np.savez(self.folder / "e.npz", embedding=windows, bands=windows,
                 file_index=np.tile(np.repeat(np.arange(60), 2), len(keys)), **more)
        (self.folder / "e.json").write_text(json.dumps({
            "format": "relax-spectro embeddings", "format_version": 1, "files": [f"{i}.wav" for i in range(60)],
            "labels": [], "perturbations": names, "model": {"path": "m.pt", "sha256": "ab", "name": "m"}}))

    def command(self, *options):
        return ("space", "e.npz", "--labels", "labels.csv", "-o", "out/a", *options)

    def rows(self, table):
        with open(self.folder / f"out/a.{table}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    def vectors(self):
        centred = self.embeddings - self.embeddings.mean(axis=0)
        return centred / np.linalg.norm(centred, axis=1)[:, None]

    def test_tables_have_the_numbers_of_the_definition(self):
        said = self.assert_succeeds(self.command("--neighbours", 5))
        groups = np.array(self.groups)
        cosines = self.vectors() @ self.vectors().T
        cosines[groups[:, None] == groups] = -9
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :5]
        same = self.truth[nearest] == self.truth[:, None]
        found = json.loads((self.folder / "out/a.space.json").read_text(encoding="utf-8"))
        self.assertAlmostEqual(found["purity"]["value"], same.mean(), 12)
        self.assertEqual(found["purity"]["p"], 0.001)
        np.testing.assert_allclose(found["mean"], self.embeddings.mean(axis=0))
        self.assertIn(f"Purity {same.mean():.3f} (95 %: ", said)
        self.assertTrue(said.endswith("out/a.space.json\n"), said)
        neighbours = self.rows("neighbours")
        self.assertEqual([row["neighbour"] for row in neighbours], [f"{i}.wav" for i in nearest.ravel()])
        self.assertEqual([row["same_label"] for row in neighbours], [str(int(one)) for one in same.ravel()])
        recordings = self.rows("space")
        other = np.where(self.truth[:, None] == self.truth, -9, cosines)
        self.assertEqual([row["nearest_other"] for row in recordings], [f"{i}.wav" for i in other.argmax(axis=1)])
        own = np.where(self.truth[:, None] == self.truth, cosines, -9)
        np.testing.assert_allclose([float(row["margin"]) for row in recordings], own.max(axis=1) - other.max(axis=1),
                                   atol=1e-5)
        labels = self.rows("labels")
        self.assertEqual({row["label"] for row in labels}, set(CLASSES))
        self.assertAlmostEqual(float(labels[0]["purity"]), same[self.truth == CLASSES.index(labels[0]["label"])].mean(), 5)
        self.assertTrue((self.folder / "out/a.space.png").read_bytes().startswith(b"\x89PNG"))
        self.assertEqual(sum(int(row["bridges"]) for row in labels), sum(row["vote"] != row["label"] for row in recordings))

    def test_clusters_are_named_by_what_they_have_in_common(self):
        said = self.assert_succeeds(self.command())
        self.assertRegex(said, r"(?m)^3 clusters \(stability 0\.\d\d, ")
        clusters = self.rows("clusters")
        self.assertEqual([row["labels"].split()[0] for row in clusters], list(CLASSES))
        for number, row in enumerate(clusters, 1):
            members = [one for one in self.rows("space") if one["cluster"] == str(number)]
            self.assertEqual(len(members), int(row["recordings"]))
            self.assertIn(row["medoid"], [one["file"] for one in members])
        self.embeddings = np.random.default_rng(3).normal(size=(60, 8))
        self.write_embeddings()
        said = self.assert_succeeds(self.command("--overwrite"))
        self.assertIn("\nNo clear number of clusters: ", said)
        self.assertEqual(self.rows("clusters"), [])

    def test_a_copy_in_another_group_is_the_first_thing_said(self):
        """Sounds tell copies from similar recordings. Without sounds, only equal embeddings do."""
        self.embeddings[50] = 1.001 * self.embeddings[5]
        self.embeddings[6] = self.embeddings[5]  # of one group: no leak
        self.embeddings[40] = self.embeddings[20]
        self.write_embeddings()
        sound = noise(0.3)
        write_wav(self.folder / "20.wav", sound)
        write_wav(self.folder / "40.wav", noise(0.3, seed=2))
        write_wav(self.folder / "5.wav", sound)
        write_wav(self.folder / "50.wav", np.concatenate([np.zeros(99), 0.5 * np.asarray(sound)]))
        said = self.assert_succeeds(self.command())
        self.assertTrue(said.startswith("2 pairs of recordings of different groups share sound."), said)
        twins = {(row["file"], row["twin"]): row["correlation"] for row in self.rows("twins")}
        self.assertEqual(set(twins), {("5.wav", "50.wav"), ("6.wav", "50.wav")})
        self.assertGreater(float(twins["5.wav", "50.wav"]), 0.95)
        self.assertEqual(twins["6.wav", "50.wav"], "")

    def test_reach_is_the_distance_of_copies_over_that_of_another_label(self):
        other = self.embeddings[(np.arange(60) + 1) % 60]  # of another label
        self.write_labels([*(CLASSES[i] for i in self.truth[:59]), ""])  # the last is left out
        near = 0.99 * self.embeddings + 0.01 * self.embeddings.mean(axis=0)
        self.write_embeddings([("gain:-6dB", 0, near), ("mask:0.5", 0, near), ("mask:0.5", 1, other), ("mask:0.5", 2, other)])
        said = self.relax(*self.command()).stdout
        self.assertRegex(said, r"(?m)^gain:-6dB moves recordings 0\.00 times as far ")
        rows = {(row["perturbation"], row["label"]): row for row in self.rows("reach")}
        self.assertEqual(len(rows), 2 * 4)
        gain, mask = rows["gain:-6dB", ""], rows["mask:0.5", ""]
        self.assertEqual((gain["recordings"], gain["copies"], mask["copies"], gain["beyond"]), ("59", "1", "3", "0"))
        self.embeddings, other, truth = self.embeddings[:59], other[:59], self.truth[:59]
        mean = self.embeddings.mean(axis=0)
        moved = (other - mean) / np.linalg.norm(other - mean, axis=1)[:, None]
        groups = np.array(self.groups[:59])
        cosines = self.vectors() @ self.vectors().T
        cosines[(groups[:, None] == groups) | (truth[:, None] == truth)] = -9
        reach = (1 - (self.vectors() * moved).sum(axis=1)) / (1 - cosines.max(axis=1))
        self.assertAlmostEqual(float(mask["reach"]), np.sort(reach)[29], 4)
        self.assertAlmostEqual(float(mask["beyond"]), (reach >= 1).mean(), 5)
        self.assertLess(float(mask["kept"]), 0.5)
        self.assertGreater(float(gain["kept"]), 0.9)

    def test_tsne_draws_all_again_and_says_what_it_leaves_out(self):
        self.write_embeddings([("mask:0.5", 0, self.embeddings)])
        self.assert_succeeds(self.command("--figure", "svg"))
        along_axes = self.points()
        self.assert_succeeds(self.command("--figure", "svg", "--project", "tsne", "--overwrite"))
        found = json.loads((self.folder / "out/a.space.json").read_text(encoding="utf-8"))
        self.assertEqual(found["options"]["project"], "tsne")
        self.assertGreater(found["picture"]["divergence"], 0)
        first = self.points()
        self.assertFalse(np.allclose(first, along_axes))
        near = np.linalg.norm(first[:, None] - first, axis=2) + 1e9 * np.eye(60)
        self.assertGreater((self.truth[near.argmin(axis=1)] == self.truth).mean(), 0.9)
        self.assert_succeeds(self.command("--project", "tsne", "--overwrite"))
        np.testing.assert_array_equal(self.points(), first)

    def test_points_of_the_page_play_the_recordings_that_are_there(self):
        self.assert_succeeds(self.command())
        write_wav(self.folder / "out/7.wav", noise(0.1))  # beside the table
        write_wav(self.folder / "9.wav", noise(0.1))  # where embed found it
        for audio, links in (("embed", {"out/7.wav", "9.wav"}), ("none", set())):
            self.assert_succeeds(("report", "out", "-o", "page.html", "--audio", audio, "--overwrite"))
            page = (self.folder / "page.html").read_text(encoding="utf-8")
            self.assertEqual(set(re.findall(r'<a href="([^"]*)" aria-label="\d+\.wav, ', page)), links)
            self.assertEqual("media-src data: 'self' file:" in page, bool(links))
            self.assertEqual(page.count('<circle cx="') - 3, 60)  # 3 labels
            votes = [row for row in self.rows("space") if row["vote"] != row["label"]]
            self.assertEqual(page.count('class="bridge"'), len(votes))

    def points(self):
        return np.array([(float(row["x"]), float(row["y"])) for row in self.rows("space")])

    def test_what_cannot_be_used_is_named(self):
        self.groups = ["one"] * 60
        self.write_labels([CLASSES[i] for i in self.truth])
        done = self.relax(*self.command())
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("all recordings are of one group", done.stderr)
        self.assertEqual(self.relax(*self.command("--neighbours", 0)).returncode, USAGE)

    def test_only_own_files_are_overwritten(self):
        said = self.assert_succeeds(self.command())
        first = (self.folder / "out/a.space.json").read_bytes()
        self.assertEqual(self.relax(*self.command()).returncode, FAILURE)
        self.assertEqual(self.assert_succeeds(self.command("--overwrite")), said)
        self.assertEqual((self.folder / "out/a.space.json").read_bytes(), first)
        (self.folder / "out/a.twins.csv").write_text("mine\n")
        self.assertEqual(self.relax(*self.command("--overwrite")).returncode, FAILURE)
        self.assertEqual((self.folder / "out/a.twins.csv").read_text(), "mine\n")


if __name__ == "__main__":
    unittest.main()
