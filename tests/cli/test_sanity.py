"""sanity: results compared with maps of their models with shuffled weights."""

import hashlib
import json
import unittest

import numpy as np

from cli_test_case import BANDS, CliTestCase, FAILURE, FRAMES, ONE_WINDOW_S, SOME_FAILED, USAGE


def ranks(values):
    """Ranks, with mean ranks for ties."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + ends - 1) / 2)[inverse.ravel()]


def spearman(a, b):
    return np.corrcoef(ranks(a.ravel()), ranks(b.ravel()))[0, 1]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Sanity(CliTestCase):
    def result(self, *options, recording=None, model="two-layers", masks=200):
        """A result to test: its JSON."""
        recording = recording or self.noise_file(duration_s=ONE_WINDOW_S)
        self.explain(recording, "--fill", "silence", *options, model=model, masks=masks)
        return self.output / f"{recording.stem}.json"

    def sanity(self, *arguments, code=0):
        done = self.relax("sanity", *arguments, "-o", self.output, "--quiet", "--threads", "1",
                          *(() if "--figure" in arguments else ("--figure", "none")))
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def read(self, stem="noise"):
        with np.load(self.output / f"{stem}.sanity.npz") as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
        return loaded, json.loads((self.output / f"{stem}.sanity.json").read_text(encoding="utf-8"))

    def test_maps_correlations_and_the_verdict(self):
        result = self.result("--seed", 3)
        said = self.sanity(result, "--shuffle-seed", 1, "--shuffles", 4).stdout
        arrays, how = self.read()
        self.assertEqual(set(arrays), {"model", "shuffled", "time_s", "frequency_hz"})
        self.assertEqual(arrays["model"].shape, (2, BANDS, FRAMES))
        self.assertEqual(arrays["shuffled"].shape, (4, 2, BANDS, FRAMES))
        self.assertAlmostEqual(how["two_seeds"]["spearman"], spearman(*arrays["model"]))
        stays = []
        for maps, shuffle in zip(arrays["shuffled"], how["shuffles"]):
            self.assertTrue(shuffle["reacts"])
            self.assertAlmostEqual(shuffle["two_seeds"]["spearman"], spearman(*maps))
            self.assertAlmostEqual(shuffle["spearman"], spearman(maps[0], arrays["model"][1]))
            self.assertAlmostEqual(shuffle["pearson"],
                                   np.corrcoef(maps[0].ravel(), arrays["model"][1].ravel())[0, 1])
            if shuffle["two_seeds"]["spearman"] < 0.5:
                self.assertEqual((shuffle["outcome"], shuffle["stays"]), ("noise", None))
                continue
            self.assertEqual(shuffle["outcome"], "tells")
            allowed = np.sqrt(how["two_seeds"]["spearman"] * shuffle["two_seeds"]["spearman"])
            self.assertAlmostEqual(shuffle["stays"], abs(shuffle["spearman"]) / allowed)
            stays.append(shuffle["stays"])
        self.assertGreaterEqual(len(stays), 3)
        self.assertEqual(how["shuffles_that_tell"], len(stays))
        self.assertEqual(how["set_aside"], {"constant": 0, "noise": 4 - len(stays)})
        self.assertAlmostEqual(how["mean_that_stays"], np.mean(stays))
        self.assertEqual(how["passes"], np.mean(stays) < 0.5)
        self.assertEqual(said, f"{self.output}/noise.sanity.npz: {how['verdict']}\n")
        self.assertIn(f"{how['mean_that_stays']:.2f} of the map", how["verdict"])
        self.assertIn(f"; mean of {len(stays)} of 4 shuffles: ", how["verdict"])
        self.assertEqual(how["seeds"], [3, 4])
        self.assertEqual([shuffle["shuffle_seed"] for shuffle in how["shuffles"]], [1, 2, 3, 4])
        self.assertEqual(how["cascade"], [])
        self.assertEqual(how["layers"], ["features", "head"])
        self.assertIn("weights of 2 of 2 layers shuffled (seed 1)", how["shuffled_runtime"])
        self.assertNotIn("shuffled", how["runtime"])

    def test_it_is_a_test_of_the_result(self):
        recording = self.noise_file()
        options = ("--hop", 0.08, "--estimator", "mask-sum", "--keep", 0.4, "--repeat", 2)
        result = self.result(*options, "--seed", 7, recording=recording)
        explained, recorded = self.read_result(result)
        self.sanity(result)
        arrays, how = self.read()
        self.assertEqual(how["result"], {"path": str(result), "sha256": sha256(result)})
        for field in ("input", "model"):
            self.assertEqual(how[field], recorded[field])
        self.assertEqual(how["options"], recorded["options"])
        self.assertNotEqual(how["method"].pop("effective_seed"), recorded["method"].pop("effective_seed"))
        self.assertEqual(how["method"], recorded["method"])
        # The result's own map is tested; the other seed is the next one.
        np.testing.assert_array_equal(arrays["model"][0], explained["contrast"])
        self.explain(recording, "--fill", "silence", *options, "--seed", 8, model="two-layers", masks=200,
                     output=self.folder / "next")
        with np.load(self.folder / "next/noise.npz") as second:
            rounding = second["standard_error"].max() / 8
            np.testing.assert_allclose(arrays["model"][1], second["contrast"], rtol=0, atol=rounding)

    def read_result(self, result):
        with np.load(result.with_suffix(".npz")) as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
        return loaded, json.loads(result.read_text(encoding="utf-8"))

    def test_a_figure_beside_the_arrays(self):
        said = self.sanity(self.result(), "--figure", "png", "--cascade", 2).stdout
        figure = self.output / "noise.sanity.png"
        self.assertTrue(said.startswith(f"{figure}: "))
        self.assertEqual(figure.read_bytes()[:4], b"\x89PNG")
        self.assertFalse(list(self.output.glob(".*")))

    def test_a_cascade_from_the_last_layer(self):
        said = self.sanity(self.result(), "--cascade", 2).stdout
        arrays, how = self.read()
        self.assertEqual(arrays["cascade"].shape, (1, BANDS, FRAMES))
        stage, = how["cascade"]
        self.assertEqual((stage["shuffled_layers"], stage["from_layer"]), (1, "head"))
        # The embedding does not pass through the head.
        self.assertAlmostEqual(stage["spearman"], how["two_seeds"]["spearman"], places=2)
        self.assertIn(
            f"; with the last layer shuffled: correlation of ranks {stage['spearman']:.2f}, of values ", said
        )

    def test_a_cascade_has_no_more_stages_than_there_are_layers(self):
        self.sanity(self.result(), "--cascade", 50)
        _, how = self.read()
        self.assertEqual([stage["shuffled_layers"] for stage in how["cascade"]], [1])

    def test_other_shuffled_weights_give_another_map(self):
        result = self.result()
        self.sanity(result, "--shuffle-seed", 1)
        first, _ = self.read()
        self.sanity(result, "--shuffle-seed", 1, "--overwrite")
        again, _ = self.read()
        self.sanity(result, "--shuffle-seed", 2, "--overwrite")
        other, _ = self.read()
        np.testing.assert_allclose(again["shuffled"], first["shuffled"], rtol=0, atol=1e-6)
        np.testing.assert_allclose(other["model"], first["model"], rtol=0, atol=1e-6)
        self.assertGreater(np.abs(other["shuffled"] - first["shuffled"]).max(), 1e-3)

    def test_a_reference_is_embedded_by_each_model(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        compared = self.result("--reference", recording, recording=recording)
        alone = self.result(recording=self.noise_file("alone.wav", duration_s=ONE_WINDOW_S))
        # One after the other: the models stay loaded, the reference does not.
        self.sanity(compared, alone)
        arrays, how = self.read()
        arrays_alone, how_alone = self.read("alone")
        np.testing.assert_allclose(arrays["shuffled"], arrays_alone["shuffled"], rtol=0, atol=1e-6)
        self.assertEqual(how["reference"]["path"], str(recording))
        self.assertIsNone(how_alone["reference"])

    def test_a_bad_result_does_not_stop_the_others(self):
        damaged = self.folder / "damaged.json"
        damaged.write_text("{", encoding="utf-8")
        done = self.sanity(damaged, self.result(), code=SOME_FAILED)
        self.assertIn("damaged.json", done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_a_folder_of_results_but_not_of_tests(self):
        self.result()
        self.result(recording=self.noise_file("other.wav", duration_s=ONE_WINDOW_S))
        for _ in range(2):
            done = self.sanity(self.output, "--overwrite")
            self.assertEqual([line.split(":")[0] for line in done.stdout.splitlines()],
                             [f"{self.output}/noise.sanity.npz", f"{self.output}/other.sanity.npz"])

    def test_recordings_that_were_moved_are_found(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        result = self.result("--reference", recording, recording=recording)
        moved = self.folder / "store/noise.wav"
        moved.parent.mkdir()
        recording.rename(moved)
        self.assertIn("--recordings", self.sanity(result, code=FAILURE).stderr)
        self.sanity(result, "--recordings", self.folder)
        _, how = self.read()
        self.assertEqual(how["input"]["path"], str(moved))
        self.assertEqual(how["reference"]["path"], str(moved))

    def test_a_recording_or_a_model_that_changed_is_refused(self):
        result = self.result()
        self.noise_file(duration_s=2 * ONE_WINDOW_S)
        done = self.sanity(result, code=FAILURE)
        self.assertIn("noise.wav", done.stderr)
        self.assertIn("SHA-256", done.stderr)
        self.assertEqual(self.files_left(), ["noise.json", "noise.npz"])

    def test_refusals(self):
        for model in ("rectangle", "constant"):
            result = self.result("--overwrite", model=model)
            self.assertIn("has no weights to shuffle", self.sanity(result, code=FAILURE).stderr)
        result = self.result("--overwrite")
        for option, value in (("--cascade", 0), ("--shuffles", 2)):
            self.assertIn(option, self.sanity(result, option, value, code=USAGE).stderr)
        self.assertIn("--masks", self.sanity(result, "--masks", 100, code=USAGE).stderr)
        self.assertIn("expected the .json of a result",
                      self.sanity(self.folder / "noise.wav", code=FAILURE).stderr)
        masks = self.folder / "masks.npz"
        self.assert_succeeds(("masks", "--shape", f"{BANDS}x{FRAMES}", "--masks", 64, "--grid", "4x4", "-o", masks))
        listed = self.result("--masks-file", masks, "--overwrite")
        self.assertIn("--masks-file have no other seed", self.sanity(listed, code=USAGE).stderr)
        swept = self.result("--overwrite", "--family", "window", "--window", "4x4,8x8")
        self.assertIn("--window lists several sizes", self.sanity(swept, code=USAGE).stderr)
        self.sanity(self.result("--overwrite"))
        self.assertIn("already exists", self.sanity(result, code=FAILURE).stderr)


if __name__ == "__main__":
    unittest.main()
