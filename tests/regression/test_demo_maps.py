"""Checks the maps of the included models against a baseline, as any project can."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import demo_maps

PASSED, CHECK_FAILED = 0, 1


class DemoMaps(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="relax-spectro-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        demo_maps.synthesise(self.folder)

    def check(self, baseline, current):
        done = subprocess.run([demo_maps.PROGRAM, "check", baseline, self.folder / current], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout + done.stderr

    def test_maps_are_those_of_the_baseline(self):
        for model in demo_maps.MODELS:
            demo_maps.explain(self.folder, f"models/{model}.pt", "results")
        code, said = self.check(demo_maps.BASELINE, "results")
        self.assertEqual(code, PASSED, f"{said}\nIf this change is wanted: tests/regression/make_baseline")
        self.assertIn(f"passed ({len(demo_maps.MODELS)} results): {len(demo_maps.MODELS)} same", said)

    def test_another_seed_passes_and_other_weights_fail(self):
        for model in demo_maps.MODELS:
            with self.subTest(model):
                demo_maps.explain(self.folder, f"models/{model}.pt", "seed", "--seed", "1")
                code, said = self.check(demo_maps.BASELINE / model, f"seed/{model}")
                self.assertEqual(code, PASSED, said)
                demo_maps.explain(self.folder, demo_maps.perturbed(self.folder, model, 0.5), "changed")
                code, said = self.check(demo_maps.BASELINE / model, f"changed/{model}")
                self.assertEqual(code, CHECK_FAILED, said)
                self.assertIn("sound: changed: ", said)

    def test_the_baseline_holds_no_path_of_a_machine(self):
        for path in demo_maps.BASELINE.rglob("*.json"):
            with self.subTest(path):
                text = path.read_text(encoding="utf-8")
                self.assertNotRegex(text, r'[" =](/|[A-Z]:\\)')
                self.assertLess(path.with_suffix(".npz").stat().st_size, 100_000)


if __name__ == "__main__":
    unittest.main()
