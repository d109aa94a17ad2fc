"""Networks that take the waveform, through the stages."""

import json
import unittest

import numpy as np

from cli_test_case import FAILURE, CliTestCase, quick

FRAMES = 126  # of a window of one second
MODEL = "waveform-plain"


class Waveform(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recording = self.noise_file("dog.wav", duration_s=2.4)

    def test_a_map_and_what_is_made_of_it(self):
        arrays, result = self.explain(self.recording, "--fill", "silence", model=MODEL)
        # Three windows of 126 frames, every 125; the last ends with the recording.
        self.assertEqual([window["begin_frame"] for window in result["windows"]], [0, 125, 175])
        self.assertEqual(arrays["contrast"].shape, (16, 175 + FRAMES))
        front_end = result["model"]["card"]["front_end"]
        self.assertEqual((front_end["hop_samples"], len(front_end["frequency_hz"])), (64, 16))
        self.assertAlmostEqual(front_end["silence"], np.log(0.01), places=4)
        self.assertEqual(result["options"]["fill"], "silence")
        path = self.output / "dog.json"
        for stage in ("flip", "sanity"):
            self.assertIn("dog", self.assert_succeeds([stage, path, "-q"]), stage)
        self.assert_succeeds(["regions", path, "-o", "regions.txt"])

    def test_a_repeated_result_is_the_same(self):
        first, _ = self.explain(self.recording, model=MODEL)
        again, _ = self.explain(self.recording, "--overwrite", model=MODEL)
        for name, values in first.items():
            np.testing.assert_array_equal(values, again[name], name)
        # batch knows its own result again: the axes are measured alike.
        batch = ["batch", self.recording, "-m", self.model(MODEL), "-o", "many", *quick(), "-q"]
        self.assert_succeeds(batch)
        made = (self.folder / "many" / "dog.npz").stat().st_mtime_ns
        self.assert_succeeds(batch)
        self.assertEqual((self.folder / "many" / "dog.npz").stat().st_mtime_ns, made)

    def test_its_input_is_written_and_drawn(self):
        self.assert_succeeds(["spectrogram", self.recording, "-m", self.model(MODEL), "-o", "seen", "-q"])
        with np.load(self.folder / "seen" / "dog.spectrogram.npz") as arrays:
            self.assertEqual(arrays["spectrogram"].shape, (16, 175 + FRAMES))
            np.testing.assert_allclose(np.diff(arrays["time_s"]), 0.008)
        short = self.noise_file("short.wav", duration_s=0.5)
        said = self.relax("spectrogram", short, "-m", self.model(MODEL), "-o", "seen", "--figure", "none")
        self.assertEqual(said.returncode, 0, said.stderr)

    def test_the_model_is_described(self):
        said = self.assert_succeeds(["model", self.model(MODEL)])
        self.assertIn("waveform      8000 samples, cut at the tensor ", said)
        self.assertIn("silence       -4.60517", said)
        self.assertIn("16 bands from ", said)
        card = json.loads(self.assert_succeeds(["model", self.model(MODEL), "--json"]))["card"]
        self.assertEqual(card["input"]["window_frames"], FRAMES)

    def test_embeddings_and_parts(self):
        self.assertEqual(len(self.assert_succeeds(["embed", self.recording, "-m", self.model(MODEL), "-q"])
                             .splitlines()), 4)
        self.assert_succeeds(["interactions", self.recording, "-m", self.model(MODEL), "-o", "pairs",
                              "--grid", "4x1", "--score", "cosine", "--figure", "none", "-q"])
        self.assert_succeeds(["masks", "-m", self.model(MODEL), "--grid", "4x4", "-o", "masks.npz"])

    def test_it_is_not_turned_back_to_sound(self):
        self.explain(self.recording, model=MODEL)
        done = self.relax("listen", self.output / "dog.json", "-o", "sounds")
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("makes its spectrogram itself", done.stderr)


if __name__ == "__main__":
    unittest.main()
