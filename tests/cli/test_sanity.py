"""sanity: maps of a model against maps of the model with its weights shuffled."""

import json
import unittest

import numpy as np

from cli_test_case import BANDS, CliTestCase, FAILURE, FRAMES, ONE_WINDOW_S, SOME_FAILED, USAGE


def ranks(values):
    """With equal values at their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + ends - 1) / 2)[inverse.ravel()]


def spearman(a, b):
    return np.corrcoef(ranks(a.ravel()), ranks(b.ravel()))[0, 1]


class Sanity(CliTestCase):
    def sanity(self, *arguments, model="two-layers", code=0):
        done = self.relax("sanity", *arguments, "--model", self.model(model), "-o", self.output, "--quiet",
                          "--masks", 200, "--grid", "4x4", "--fill", "silence", "--threads", "1",
                          *(() if "--figure" in arguments else ("--figure", "none")))
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def read(self, stem="noise"):
        with np.load(self.output / f"{stem}.sanity.npz") as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
        return loaded, json.loads((self.output / f"{stem}.sanity.json").read_text(encoding="utf-8"))

    def test_maps_correlations_and_the_verdict(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        said = self.sanity(recording, "--seed", 3, "--shuffle-seed", 1, "--shuffles", 3).stdout
        arrays, how = self.read()
        self.assertEqual(set(arrays), {"model", "shuffled", "time_s", "frequency_hz"})
        self.assertEqual(arrays["model"].shape, (2, BANDS, FRAMES))
        self.assertEqual(arrays["shuffled"].shape, (3, 2, BANDS, FRAMES))
        self.assertAlmostEqual(how["two_seeds"]["spearman"], spearman(*arrays["model"]))
        stays = []
        for maps, shuffle in zip(arrays["shuffled"], how["shuffles"]):
            self.assertTrue(shuffle["reacts"])
            self.assertAlmostEqual(shuffle["two_seeds"]["spearman"], spearman(*maps))
            self.assertAlmostEqual(shuffle["spearman"], spearman(maps[0], arrays["model"][1]))
            self.assertAlmostEqual(shuffle["pearson"],
                                   np.corrcoef(maps[0].ravel(), arrays["model"][1].ravel())[0, 1])
            if shuffle["two_seeds"]["spearman"] < 0.5:
                self.assertIsNone(shuffle["stays"])
                continue
            allowed = np.sqrt(how["two_seeds"]["spearman"] * shuffle["two_seeds"]["spearman"])
            self.assertAlmostEqual(shuffle["stays"], abs(shuffle["spearman"]) / allowed)
            stays.append(shuffle["stays"])
        self.assertTrue(stays)
        self.assertAlmostEqual(how["mean_that_stays"], np.mean(stays))
        self.assertEqual(how["passes"], np.mean(stays) < 0.5)
        self.assertEqual(said, f"{self.output}/noise.sanity.npz: {how['verdict']}\n")
        self.assertIn(f"{how['mean_that_stays']:.2f} of the map", how["verdict"])
        self.assertEqual(how["seeds"], [3, 4])
        self.assertEqual([shuffle["shuffle_seed"] for shuffle in how["shuffles"]], [1, 2, 3])
        self.assertEqual(how["cascade"], [])
        self.assertEqual(how["layers"], ["features", "head"])
        self.assertIn("weights of 2 of 2 layers shuffled (seed 1)", how["shuffled_runtime"])
        self.assertNotIn("shuffled", how["runtime"])
        self.assertEqual(how["options"]["fill"], "silence")

    def test_a_figure_beside_the_arrays(self):
        said = self.sanity(self.noise_file(duration_s=ONE_WINDOW_S), "--figure", "png", "--cascade", 2).stdout
        figure = self.output / "noise.sanity.png"
        self.assertTrue(said.startswith(f"{figure}: "))
        self.assertEqual(figure.read_bytes()[:4], b"\x89PNG")
        self.assertFalse(list(self.output.glob(".*")))

    def test_the_first_map_is_that_of_explain(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.sanity(recording)
        explained, _ = self.explain(recording, "--fill", "silence", model="two-layers", masks=200)
        arrays, _ = self.read()
        np.testing.assert_allclose(arrays["model"][0], explained["contrast"], rtol=0, atol=1e-6)

    def test_a_cascade_from_the_last_layer(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        said = self.sanity(recording, "--cascade", 2, "--shuffles", 1).stdout
        arrays, how = self.read()
        self.assertEqual(arrays["cascade"].shape, (1, BANDS, FRAMES))
        stage, = how["cascade"]
        self.assertEqual((stage["shuffled_layers"], stage["from_layer"]), (1, "head"))
        # The embedding does not pass through the head.
        self.assertEqual(stage["spearman"], how["two_seeds"]["spearman"])
        self.assertIn(f"; correlation with the last layers shuffled: 1 {stage['spearman']:.2f}\n", said)

    def test_a_cascade_has_no_more_stages_than_there_are_layers(self):
        self.sanity(self.noise_file(duration_s=ONE_WINDOW_S), "--cascade", 50)
        _, how = self.read()
        self.assertEqual([stage["shuffled_layers"] for stage in how["cascade"]], [1])

    def test_other_shuffled_weights_give_another_map(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.sanity(recording, "--shuffle-seed", 1)
        first, _ = self.read()
        self.sanity(recording, "--shuffle-seed", 1, "--overwrite")
        again, _ = self.read()
        self.sanity(recording, "--shuffle-seed", 2, "--overwrite")
        other, _ = self.read()
        np.testing.assert_allclose(again["shuffled"], first["shuffled"], rtol=0, atol=1e-6)
        np.testing.assert_allclose(other["model"], first["model"], rtol=0, atol=1e-6)
        self.assertGreater(np.abs(other["shuffled"] - first["shuffled"]).max(), 1e-3)

    def test_a_reference_is_embedded_by_each_model(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.sanity(recording, "--reference", recording)
        arrays, how = self.read()
        self.sanity(recording, "--overwrite")
        alone, _ = self.read()
        np.testing.assert_allclose(arrays["shuffled"], alone["shuffled"], rtol=0, atol=1e-6)
        self.assertEqual(how["options"]["reference"]["path"], str(recording))

    def test_a_bad_recording_does_not_stop_the_others(self):
        done = self.sanity(self.folder / "missing.wav", self.noise_file(duration_s=ONE_WINDOW_S),
                           code=SOME_FAILED)
        self.assertIn("missing.wav", done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_refusals(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        for model in ("rectangle", "constant"):
            self.assert_refused(("sanity", recording, "--model", self.model(model), "-o", self.output), FAILURE,
                                self.model(model), "has no weights that could be shuffled")
        for option, value, expected in (("--repeat", 4, "--repeat"), ("--cascade", 0, "--cascade"), ("--shuffles", 0, "--shuffles"),
                                        ("--masks", 1, "--masks is 1")):
            self.assert_refused(("sanity", recording, "--model", self.model("two-layers"), "-o", self.output,
                                 option, value), USAGE, expected)
        self.sanity(recording)
        self.assertIn("is there already", self.sanity(recording, code=FAILURE).stderr)


if __name__ == "__main__":
    unittest.main()
