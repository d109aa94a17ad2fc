"""The documents: their commands run as written, their links lead somewhere, their sentences are short.

    python3 tests/documents/test_documents.py        tests the documents with the programs of build/
"""

import json
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import words
from documents import PROGRAMS, SOURCE, anchors_of, commands_of, documents, links_of, run

README_LIMIT_BYTES = 8192
# Of osmium-tool, ripgrep and torchcodec: 13 to 16 words a sentence, a tenth above 23 to 27, 0.8 to 1.4 marks.
MEAN_WORDS_LIMIT = 16
NINTH_DECILE_LIMIT = 25
MARKS_LIMIT = 1.4

# Set-up: other tests do it, or it takes the network, root, or a lot of time.
NOT_RUN = ("git ", "scripts/demo", "scripts/test", "scripts/setup", "scripts/build", "scripts/package",
           "scripts/lint", "sudo ", "apt", "pip", "cmake", "ctest", "PATH=", "cp $HOME")
MAY_FAIL = ("relax-spectro check",)  # exit code 1: maps have changed

RECIPE = {"sample_rate_hz": 32000, "duration_s": 1.0, "seed": 1, "background_noise_db": -60, "events": [
    {"kind": "chirp", "begin_s": 0.2, "end_s": 0.6, "low_hz": 2000, "high_hz": 4000, "level_db": -20, "label": "bark"}]}
RECORDINGS = ("dog", "other-dog", "rooster", "call", "seagulls", "synthetic", "recording")


def synthesise(folder, stem, seed, duration_s=1.0):
    recipe = folder / f"{stem}.json"
    recipe.write_text(json.dumps({**RECIPE, "seed": seed, "duration_s": duration_s}))
    done = run(f"{sys.executable} {SOURCE}/scripts/synthesise-recording {stem}.json {stem}.wav", folder, os.environ)
    assert done.returncode == 0, done.stderr
    recipe.unlink()


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.files.cleanup)
        folder = Path(cls.files.name)
        for seed, stem in enumerate(RECORDINGS):
            synthesise(folder, stem, seed)
        synthesise(folder, "long", 20, duration_s=66.0)
        shutil.copy(folder / "dog_boxes.csv", folder / "boxes.csv")
        (folder / "recordings").mkdir()
        for stem in ("dog", "rooster"):
            shutil.copy(folder / f"{stem}.wav", folder / "recordings")
        (folder / "recordings.csv").write_text("file,label\nrecordings/dog.wav,dog\nrecordings/rooster.wav,rooster\n")
        calls = "".join(f"{stem}.wav,{'mammal' if i < 4 else 'bird'}\n" for i, stem in enumerate((*RECORDINGS, "long")))
        (folder / "labels.csv").write_text("file,label\n" + calls)
        # As the model hears these sounds.
        (folder / "train.csv").write_text("file,label\ndog.wav,baby cry\nrooster.wav,baby cry\n")
        for name in ("bird.pt", "mn04.pt"):
            shutil.copy(SOURCE / "models" / "mobilenetv3-small.pt", folder / name)
            shutil.copy(SOURCE / "models" / "mobilenetv3-small.json", (folder / name).with_suffix(".json"))

    def run_commands(self, document):
        """Runs the commands of a document in a folder of their own, one after the other."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "work"
            shutil.copytree(self.files.name, folder)
            (folder / "build").mkdir()
            (folder / "build" / "bin").symlink_to(PROGRAMS)
            for room in ("scripts", "models", "data", "tests"):
                (folder / room).symlink_to(SOURCE / room)
            environment = {**os.environ, "PATH": f"{PROGRAMS}:{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": name}
            for command in commands_of((SOURCE / document).read_text("utf-8")):
                if command.startswith(NOT_RUN):
                    continue
                with self.subTest(document=str(document), command=command):
                    done = run(command, folder, environment)
                    allowed = (0, 1) if command.startswith(MAY_FAIL) else (0,)
                    self.assertIn(done.returncode, allowed, done.stderr[-2000:])
                    self.ran += 1

    def test_commands_run_as_written(self):
        self.ran = 0
        for document in documents():
            self.run_commands(document)
        self.assertGreater(self.ran, 40)

    def test_links_lead_somewhere(self):
        for document in documents():
            for target, anchor in links_of((SOURCE / document).read_text("utf-8")):
                with self.subTest(document=str(document), target=target, anchor=anchor):
                    path = (SOURCE / document).parent / target if target else SOURCE / document
                    self.assertTrue(path.exists())
                    if anchor:
                        self.assertIn(anchor, anchors_of(path.read_text("utf-8")))

    def test_the_readme_is_short(self):
        self.assertLessEqual((SOURCE / "README.md").stat().st_size, README_LIMIT_BYTES)

    def test_sentences_are_short(self):
        paths = [SOURCE / document for document in documents()]
        for measure in words.measures(paths, (SOURCE / "src", SOURCE / "include", SOURCE / "apps"), PROGRAMS):
            if not measure.sentences:
                continue
            print(measure, file=sys.stderr)
            with self.subTest(measure.name):
                self.assertLessEqual(measure.mean, MEAN_WORDS_LIMIT)
                self.assertLessEqual(measure.ninth_decile, NINTH_DECILE_LIMIT)
                self.assertLessEqual(measure.marks, MARKS_LIMIT)


if __name__ == "__main__":
    unittest.main()
