"""Model files that LibTorch cannot load: the error says what they are, and what to do."""

import re
import shutil
import unittest
import zipfile

import numpy as np

import state_dict_file
from cli_test_case import CliTestCase, FAILURE, ONE_WINDOW_S, SUCCESS, quick


class ModelFiles(CliTestCase):
    def refused(self, path, *expected):
        message = self.assert_refused(("model", path), FAILURE, f"{path}: ", *expected)
        self.assertNotIn("Check the card", message)
        return message

    def rewritten(self, name, pattern, replacement, entries=".py"):
        """A test model with another text in its archive."""
        path = self.folder / f"{name}.pt"
        shutil.copy(self.models / f"{name}.json", self.folder)
        changed = 0
        with zipfile.ZipFile(self.model(name)) as source, zipfile.ZipFile(path, "w") as target:
            for entry in source.namelist():
                content = source.read(entry)
                if entry.endswith(entries):
                    content, count = re.subn(pattern, replacement, content)
                    changed += count
                target.writestr(zipfile.ZipInfo(entry), content)
        self.assertGreater(changed, 0)
        return path

    def test_what_another_libtorch_or_an_extension_would_load(self):
        for name, pattern, replacement, expected in (
                ("rectangle", rb"torch\.cat\(", rb"ops.torchvision.nms(", ("torchvision::nms", "extension")),
                ("rectangle", rb"torch\.cat\(", rb"ops.quantized.newer(", ("quantized::newer", "extension")),
                ("rectangle", rb"torch\.cat\(", rb"torchaudio_ext.cat(", ("torchaudio_ext", "extension")),
                ("rectangle", rb"torch\.cat\(", rb"torch.newer_cat(", ("aten::newer_cat", "PyTorch of that version")),
                ("convolution", rb"torch\.conv2d\((\w+), [\w.]+", rb"torch.conv2d(\1, ops.prim.ConstantMKLDNNTensor()",
                 ("optimize_for_inference", "Save it before"))):
            with self.subTest(replacement):
                self.refused(self.rewritten(name, pattern, replacement), *expected)
        self.refused(self.rewritten("rectangle", rb"^\d+", b"999", entries="/version"), "newer PyTorch")

    def test_what_is_no_network_is_told_before_a_card_is_asked_for(self):
        path = self.folder / "model.pt"
        state_dict_file.save(path, {"weight": np.zeros(2, dtype=np.float32)})
        self.refused(path, "state dict", "relax-spectro import", "scripts/export")
        state_dict_file.save_legacy(path, {"weight": np.zeros(2, dtype=np.float32)})
        self.refused(path, "state dict", "relax-spectro import")
        shutil.copy(self.models / "rectangle.json", path.with_suffix(".json"))
        path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
        self.refused(path, "git lfs pull")
        path.write_bytes(self.model("rectangle").read_bytes()[:1000])
        self.refused(path, "is truncated", "again")

    def test_nothing_that_a_network_says_stands_between_the_messages(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        arguments = ("explain", recording, "--model", self.model("talking"), "-o", self.output, *quick())
        done = self.relax(*arguments)
        self.assertEqual(done.returncode, SUCCESS, done.stderr)
        self.assertRegex(done.stdout, rf"\A{self.output / 'noise.npz'}: [^\n]+\n\Z")
        for line in done.stderr.splitlines():
            self.assertTrue(line.startswith("relax-spectro: "), done.stderr)
        self.assertEqual(done.stderr.count("a network warns"), 1, done.stderr)
        self.assert_succeeds((*arguments, "--overwrite", "--quiet"), stdout=done.stdout)


if __name__ == "__main__":
    unittest.main()
