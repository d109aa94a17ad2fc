"""import: published weights become a model, and nothing in their files is run."""

import argparse
import collections
import datetime
import functools
import json
import os
import pathlib
import pickle
import unittest
import zipfile

import numpy as np

import published_networks
import state_dict_file
from cli_test_case import CliTestCase, FAILURE, noise, SOURCE_FOLDER, SUCCESS, USAGE, write_wav

SHORT_FRAMES = 100
# Frames and bands that let a network draw its weights.
SHAPES = {"aisfx": (100, 96), "efficientat": (100, 128), "panns": (100, 64), "vggish": (96, 64)}


class Import(CliTestCase):
    def setUp(self):
        super().setUp()
        self.weights = self.folder / "weights.pth"
        self.made = self.folder / "made.pt"

    def import_weights(self, architecture, *arguments, code=SUCCESS, weights=None):
        done = self.relax("import", "--architecture", architecture, "--weights", weights or self.weights,
                          "-o", self.made, *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def recording(self, name, card):
        """Noise of one window, or of a short one if the network accepts any length."""
        front_end, rate_hz = card["front_end"], card["front_end"]["sample_rate_hz"]
        frames = SHORT_FRAMES if card["input"]["variable_length"] else card["input"]["window_frames"]
        samples = (frames - 1) * front_end["hop_samples"] + (1 if front_end["pre_emphasis"] else 0)
        if front_end["padding"] == "none":
            samples += front_end["window_samples"]
        return write_wav(self.folder / f"{name}.wav", noise(samples / rate_hz, rate_hz), rate_hz)

    def outputs(self, recording):
        """The model's output for a recording of one window, and its input."""
        for arguments in (("spectrogram", recording, "-o", self.output, "--figure", "none"),
                          ("embed", recording, "-o", self.output / "out.npz", "--overwrite")):
            done = self.relax(*arguments, "--model", self.made)
            self.assertEqual(done.returncode, SUCCESS, done.stderr)
        with np.load(self.output / f"{recording.stem}.spectrogram.npz") as arrays:
            seen = arrays["spectrogram"].astype(float)
        with np.load(self.output / "out.npz") as arrays:
            return seen, arrays["embedding"][0], arrays["class_scores"][0] if "class_scores" in arrays.files else None

    def card(self):
        """With another front end, window, name, licence and activation than the architecture's own."""
        text = json.loads((SOURCE_FOLDER / "models/mobilenetv3-small.json").read_text(encoding="utf-8"))
        text.pop("sha256"), text.pop("labels", None)
        text["front_end"]["high_hz"] = 14000.0
        text["outputs"] = {"class_scores": {"position": 0, "activation": "softmax"}, "embedding": {"position": 1}}
        path = self.folder / "card.json"
        path.write_text(json.dumps(text), encoding="utf-8")
        return path

    def compare(self, architecture, save, *arguments):
        network, weights = published_networks.NETWORKS[architecture], published_networks.Weights(seed=3)
        frames, bands = SHAPES[architecture.split("-")[0]]
        network(weights, np.zeros((frames, bands)))
        save(self.weights, dict(weights))
        self.import_weights(architecture, "--overwrite", *arguments)
        card = json.loads(self.relax("model", self.made, "--json").stdout)["card"]
        recording = self.recording(architecture, card)
        seen, embedding, scores = self.outputs(recording)
        expected, expected_scores = network(weights, seen.T if architecture in published_networks.TIME_FIRST else seen)
        scale = np.abs(expected).max()
        self.assertGreater(expected.std(), 1e-3 * scale)
        if architecture.endswith("pca"):  # in whole steps, of which rounding may move a few by one
            self.assertLess(np.mean(np.abs(embedding - expected) > 0.5), 0.03)
        else:
            np.testing.assert_allclose(embedding, expected, rtol=0, atol=1e-4 * scale)
        if expected_scores is not None:
            np.testing.assert_allclose(scores, expected_scores, rtol=0, atol=1e-4 * np.abs(expected_scores).max())
        return card

    def test_every_architecture_against_numpy(self):
        listed = [line for line in self.relax("import", "--list").stdout.splitlines() if not line.startswith(" ")]
        self.assertEqual(set(listed), set(published_networks.NETWORKS))
        for architecture in listed:
            with self.subTest(architecture):
                card = self.compare(architecture, state_dict_file.save)
                self.assertEqual(card["notes"]["architecture"], architecture)
                self.assertEqual(card["notes"]["weights"][0]["file"], "weights.pth")
                self.assertEqual(len(card["notes"]["weights"][0]["sha256"]), 64)

    def test_a_card_of_ones_own(self):
        card = self.compare("efficientat-mn", state_dict_file.save, "--card", self.card())
        given = json.loads(self.card().read_text(encoding="utf-8"))
        for name in ("name", "licence", "front_end", "input"):
            self.assertEqual(card[name], given[name])
        self.assertEqual(card["outputs"]["class_scores"]["activation"], "softmax")

    def test_the_format_before_the_zip_archive(self):
        self.compare("aisfx", state_dict_file.save_legacy)

    def small(self):
        """Small weights that fit."""
        weights = published_networks.Weights(seed=1)
        published_networks.NETWORKS["aisfx"](weights, np.zeros((100, 96)))
        return dict(weights)

    def test_checkpoints_that_hold_more(self):
        weights = self.small()
        wrapped = {f"module.{name}": value for name, value in weights.items()}
        counts = {"epoch": 3, "loss": 0.25, "names": ["a", b"b"], "np": np.float64(2.5), "fold": np.int64(1)}
        for value in (({**weights}, counts), {"state_dict": weights, **counts}, {"model": {"net": wrapped}},
                      {name: value.astype(np.float64) if value.dtype.kind == "f" else value for name, value in weights.items()}):
            state_dict_file.save(self.weights, value)
            self.import_weights("aisfx", "--overwrite")
        state_dict_file.save(self.weights, {"first": weights, "second": weights})
        self.import_weights("aisfx", "--key", "second", "--overwrite")
        said = self.import_weights("aisfx", "--key", "third", "--overwrite", code=FAILURE).stderr
        self.assertIn("'first'", said)
        self.assertIn("'second'", said)

    def test_wrapped_networks(self):
        weights = self.small()
        averaged = {"n_averaged": np.array(5, dtype=np.int64), **{f"module.{name}": value for name, value in weights.items()}}
        options = argparse.Namespace(epochs=3, name="run")
        for value in ({f"_orig_mod.module.{name}": value for name, value in weights.items()}, averaged,
                      {"state_dict": {f"model.{name}": value for name, value in weights.items()}, "args": options}):
            state_dict_file.save(self.weights, value)
            self.import_weights("aisfx", "--overwrite")

    def under(self, **prefixes):
        """The same weights with several prefixes, each with another bias of the last norm."""
        tensors = {}
        for prefix, bias in prefixes.items():
            weights = self.small()
            weights["embedding_net.conv_block4.bn2.bias"] = np.full(10, bias, dtype=np.float32)
            tensors.update({f"{prefix}.{name}": value for name, value in weights.items()})
        return tensors

    def made_by(self, tensors, *arguments):
        """The model that an import makes, and its message about tensors that it left out."""
        state_dict_file.save(self.weights, tensors)
        said = self.import_weights("aisfx", "--overwrite", *arguments).stderr
        return self.made.read_bytes(), said

    def test_the_network_is_found_by_its_prefix(self):
        criterion = {"criterion.pos_weight": np.ones(3, dtype=np.float32)}
        said = self.made_by({**self.under(net=1, net_swa=2), **criterion})[1]
        count = len(self.small()) + 1
        self.assertRegex(said, rf"used the network under 'net\.', and left out {count} other tensors: criterion.pos_weight")
        card = json.loads(self.relax("model", self.made, "--json").stdout)["card"]
        self.assertEqual(card["notes"]["prefix"], "net.")
        for tensors, prefix in ((self.under(backbone=1), "backbone."), ({**self.under(ema=1), **criterion}, "ema."),
                                (self.under(**{"module.net": 1, "teacher": 2}), "module.net."),
                                ({**self.small(), **criterion}, None)):
            with self.subTest(prefix=prefix):
                self.made_by(tensors)
                card = json.loads(self.relax("model", self.made, "--json").stdout)["card"]
                self.assertEqual(card["notes"].get("prefix"), prefix)

    def test_a_prefix_chooses_between_several_networks(self):
        state_dict_file.save(self.weights, self.under(student=1, teacher=2))
        said = self.import_weights("aisfx", code=USAGE).stderr
        self.assertIn("with the prefixes 'student.', 'teacher.'", said)
        self.assertIn("--prefix", said)
        self.assertFalse(self.made.exists())
        first, second = (
            self.made_by(self.under(student=1, teacher=2), "--prefix", prefix)[0] for prefix in ("student.", "teacher")
        )
        self.assertNotEqual(first, second)
        said = self.import_weights("aisfx", "--prefix", "pupil", "--overwrite", code=FAILURE).stderr
        self.assertIn("begins with the --prefix 'pupil.'", said)
        self.assertIn("student, teacher", said)

    def test_the_closest_prefix_is_named_with_what_it_lacks(self):
        tensors = self.under(student=1, teacher=2)
        for name in ("student.embedding_net.conv_block2.conv1.weight", "teacher.embedding_net.conv_block1.bn1.bias",
                     "teacher.embedding_net.conv_block1.bn1.weight"):
            del tensors[name]
        tensors["student.embedding_net.conv_block9.weight"] = np.ones(1, dtype=np.float32)
        state_dict_file.save(self.weights, tensors)
        said = self.import_weights("aisfx", code=FAILURE).stderr
        self.assertIn("not the weights of aisfx under any prefix; 'student.' comes closest:", said)
        self.assertIn("1 missing: embedding_net.conv_block2.conv1.weight", said)
        self.assertIn("1 unexpected: embedding_net.conv_block9.weight", said)
        said = self.import_weights("aisfx", "--prefix", "teacher", code=FAILURE).stderr
        self.assertIn("under the prefix 'teacher.':\n  2 missing", said)

    def test_objects_beside_the_weights_are_passed_over(self):
        half = state_dict_file.stand_in("torch", "float16")
        state_dict_file.stand_in("omegaconf", "OmegaConf")
        config = state_dict_file.stand_in("omegaconf.dictconfig", "DictConfig")()
        config.content, config.parent = {"lr": 0.1, "type": half}, config
        beside = {"dtype": half, "path": pathlib.PurePosixPath("/data"), "home": pathlib.Path("a"), "lr": np.float32(0.1),
                  "when": datetime.datetime(2024, 1, 2), "tags": {"a", "b"}, "frozen": frozenset({1}), "large": 1 << 90,
                  "args": argparse.Namespace(path=pathlib.Path("b")), "config": config, "loop": collections.deque([1, 2]),
                  "array": np.arange(3), "partial": functools.partial(os.path.join, "a"), "complex": 1j}
        for protocol in (2, 4):
            with self.subTest(protocol=protocol):
                state_dict_file.save(self.weights, {**beside, "state_dict": self.small()}, protocol=protocol)
                self.import_weights("aisfx", "--overwrite")

    def test_parameters_with_attributes_are_tensors(self):
        state_dict_file.save(self.weights, {name: state_dict_file.Parameter(value) for name, value in self.small().items()})
        self.import_weights("aisfx")

    def test_a_model_that_fails_replaces_none(self):
        state_dict_file.save(self.weights, self.small())
        self.import_weights("aisfx")
        before = self.made.read_bytes()
        broken = self.small()
        broken["embedding_net.conv_block1.bn1.bias"][:] = np.nan
        state_dict_file.save(self.weights, broken)
        said = self.import_weights("aisfx", "--overwrite", code=FAILURE).stderr
        self.assertIn(f"{self.made}: the embedding holds NaN", said)
        self.assertEqual(self.made.read_bytes(), before)
        self.assertEqual([path.name for path in self.folder.glob(".*")], [])

    def test_a_card_beside_the_model_is_not_passed_over(self):
        state_dict_file.save(self.weights, self.small())
        self.made.with_suffix(".json").write_text("{}")
        said = self.import_weights("aisfx", code=USAGE).stderr
        self.assertIn(f"{self.made.with_suffix('.json')}: would be used as the card", said)
        self.assertFalse(self.made.exists())

    def test_weights_of_another_sample_rate(self):
        weights = published_networks.Weights(seed=1)
        published_networks.NETWORKS["panns-cnn6"](weights, np.zeros((101, 64)))
        state_dict_file.save(self.weights, {
            **weights, "spectrogram_extractor.stft.conv_real.weight": np.zeros((257, 1, 512), dtype=np.float32)})
        said = self.import_weights("panns-cnn6", code=USAGE).stderr
        self.assertIn("spectra of 257 bins, but the card's front end has 513", said)

    def test_several_files_are_joined(self):
        weights = self.small()
        names = sorted(weights)
        state_dict_file.save(self.weights, {name: weights[name] for name in names[:9]})
        other = state_dict_file.save(self.folder / "other.pth", {name: weights[name] for name in names[9:]})
        self.import_weights("aisfx", "--weights", other)

    def test_what_does_not_fit_is_listed(self):
        weights = self.small()
        del weights["embedding_net.conv_block2.conv1.weight"]
        weights["embedding_net.conv_block4.bn2.bias"] = np.zeros(3, dtype=np.float32)
        weights["surprise"] = np.zeros(1, dtype=np.float32)
        state_dict_file.save(self.weights, weights)
        said = self.import_weights("aisfx", code=FAILURE).stderr
        self.assertIn("1 missing: embedding_net.conv_block2.conv1.weight", said)
        self.assertRegex(said, r"embedding_net.conv_block4.bn2.bias is \(3\), expected \(10\)")
        self.assertIn("1 unexpected: surprise", said)
        self.assertFalse(self.made.exists())

    def test_nothing_is_run(self):
        class Hostile:
            def __reduce__(self):
                return os.system, (f"touch {witness}",)

        witness = self.folder / "witness"
        state_dict_file.save(self.weights, {"a": np.zeros(2, dtype=np.float32), "b": Hostile()})
        self.import_weights("aisfx", code=FAILURE)
        state_dict_file.save(self.weights, {"state_dict": self.small(), "b": Hostile()})
        self.import_weights("aisfx")
        self.weights.write_bytes(pickle.dumps(Hostile()))
        self.import_weights("aisfx", "--overwrite", code=FAILURE)
        self.assertFalse(witness.exists())

    def test_damaged_files_are_refused(self):
        state_dict_file.save(self.weights, self.small())
        with zipfile.ZipFile(self.weights) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
        pickled = entries["archive/data.pkl"]
        random = np.random.default_rng(5)
        refused = 0
        for trial in range(100):
            data = bytearray(pickled)
            for place in random.integers(0, len(data), 1 + trial % 4):
                data[place] = random.integers(0, 256)
            if trial % 5 == 0:
                data = data[: random.integers(0, len(data))]
            with zipfile.ZipFile(self.weights, "w") as archive:
                for name, content in entries.items():
                    archive.writestr(name, bytes(data) if name.endswith(".pkl") else content)
            done = self.relax("import", "--architecture", "aisfx", "--weights", self.weights, "-o", self.made)
            # The changed byte may not matter: a flag, or a name in an ignored part.
            self.assertIn(done.returncode, (SUCCESS, FAILURE), done.stderr)
            if done.returncode == FAILURE:
                self.assertIn(str(self.weights), done.stderr)
                refused += 1
            self.made.unlink(missing_ok=True)
        self.assertGreater(refused, 60)

    def network(self):
        """What is in the new model, without its card."""
        with zipfile.ZipFile(self.made) as archive:
            return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()
                    if not name.endswith(("relax_spectro.json", "serialization_id"))}  # the latter follows from names

    def test_safetensors_give_the_same_model(self):
        weights = {name: value.astype(np.float16) if name.endswith("weight") else value for name, value in self.small().items()}
        state_dict_file.save(self.weights, weights)
        self.import_weights("aisfx")
        pickled = self.network()
        names = sorted(weights, key=lambda name: name[::-1])
        files = [state_dict_file.save_safetensors(self.folder / f"{part}.safetensors", {name: weights[name] for name in chosen})
                 for part, chosen in enumerate((names[:7], names[7:]))]
        self.import_weights("aisfx", "--overwrite", "--weights", files[1], weights=files[0])
        self.assertEqual(self.network(), pickled)

    def test_damaged_safetensors_are_refused_or_read_right(self):
        file = self.folder / "w.safetensors"
        weights = self.small()
        whole = state_dict_file.save_safetensors(file, weights).read_bytes()
        self.import_weights("aisfx", weights=file)
        right = self.network()
        header = 8 + int.from_bytes(whole[:8], "little")
        random = np.random.default_rng(5)
        damaged = [whole[:8 * part] for part in range(10)] + [whole[:len(whole) * part // 10] for part in range(1, 10)]
        damaged += [whole + bytes([byte]) for byte in b" \0}"]
        damaged += [whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1:] for place in range(8) for bit in (1, 128)]
        for byte in b'0123456789[]{},: "\\FIB\x00\xff':
            for place in random.integers(8, header, 3):
                damaged.append(whole[:place] + bytes([byte]) + whole[place + 1:])
        refused = 0
        for number, content in enumerate(damaged):
            file.write_bytes(content)
            done = self.relax("import", "--architecture", "aisfx", "--weights", file, "-o", self.made, "--overwrite")
            found = state_dict_file.read_safetensors(content)
            self.assertIn(done.returncode, (SUCCESS, FAILURE), (number, done.stderr))
            if found is None:
                refused += 1
                self.assertEqual(done.returncode, FAILURE, (number, content[8:header]))
                self.assertIn(f"{file}: ", done.stderr)
            elif found.keys() == weights.keys() and all(np.array_equal(found[name], weights[name]) for name in weights):
                self.assertEqual(done.returncode, SUCCESS, done.stderr)
                self.assertEqual(self.network(), right)
        self.assertGreater(refused, 80)

    def test_what_is_no_state_dict(self):
        said = self.import_weights("aisfx", weights=self.model("convolution"), code=FAILURE).stderr
        self.assertIn("is TorchScript", said)
        self.weights.write_text("weights")
        self.assertIn("is text", self.import_weights("aisfx", code=FAILURE).stderr)
        state_dict_file.save(self.weights, self.small())
        self.assertIn("aisfx, efficientat-mn", self.import_weights("resnet", code=USAGE).stderr)
        self.assertIn("--sha256", self.import_weights("aisfx", "--sha256", "0" * 64, code=FAILURE).stderr)


if __name__ == "__main__":
    unittest.main()
