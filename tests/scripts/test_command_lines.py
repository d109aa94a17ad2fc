"""Every script's --help without installed packages, and its errors about missing files.

    python3 tests/scripts/test_command_lines.py
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
# Scripts with --help: for users, for measurements, and for manual checks.
PLACES = ("scripts/*", "scripts/*/*.py", "tests/cli/*.py", "tests/fuzz/fuzz.py", "tests/workflow/*.py", "tests/device/*")
COMMANDS = [path for pattern in PLACES for path in sorted(SOURCE.glob(pattern)) if path.is_file() and os.access(path, os.X_OK)]
PACKAGES = ("numpy", "torch", "soundfile", "scipy", "selenium")
WRONG_REQUEST = 2
# With a missing file or folder, or an unknown argument.
WRONG = {"bench": ("--recordings", "none.wav"), "demo": ("none.wav",), "fetch-recordings": ("none",), "fuzz": ("none",),
         "measure_adaptive": ("none.wav",), "measure_check": ("none.wav", "-o", "out"), "measure_designs": ("none.wav",),
         "measure_faithfulness": ("none.wav", "--boxes", "none.csv"), "measure_false_alarms": ("none.wav",),
         "mosaic_test": ("--data", "none"),
         "stress_batch": ("--only", "none"), "synthesise-recording": ("none.json", "out.wav"),
         "check": ("--built", "none"), "browse_report": ("--page", "none.html"), "test_workflow": ("--none",),
         "train-models": ("--data", "none"), "train-featout": ("--data", "none"),
         "export": ("none.py:model", "--card", "none.json", "-o", "out.pt")}


class CommandLines(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def lacking(self, *packages):
        for name in packages:
            (self.folder / f"{name}.py").write_text(f"raise ImportError('No module named {name}', name={name!r})")

    def run_script(self, path, *arguments):
        # Python scripts run with this Python, because another one may have the packages that should be missing.
        python = [sys.executable, "-B"] if b"python" in path.read_bytes().splitlines()[0] else []
        done = subprocess.run([*python, path, *arguments], capture_output=True, text=True, check=False, cwd=self.folder,
                              stdin=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(self.folder)}, timeout=60)
        self.assertNotIn("Traceback", done.stderr)
        return done

    def test_every_help_begins_with_an_example_and_needs_no_package(self):
        self.lacking(*PACKAGES)
        self.assertGreaterEqual(len(COMMANDS), 17)
        for path in COMMANDS:
            with self.subTest(path.name):
                done = self.run_script(path, "--help")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(done.stdout.startswith(f"Example:\n  {path.relative_to(SOURCE)}"), done.stdout[:200])

    def test_what_is_not_there_is_an_error_of_one_line(self):
        self.lacking("torch", "soundfile", "scipy", "selenium")
        paths = {path.stem: path for path in COMMANDS}
        for name, arguments in WRONG.items():
            with self.subTest(name):
                done = self.run_script(paths[name], *arguments)
                self.assertEqual(done.returncode, WRONG_REQUEST, done.stdout + done.stderr)
                self.assertRegex(done.stderr, rf"\A{name}: error: .*none.*\n\Z")

    def test_a_package_that_is_lacking_is_named_with_what_to_do(self):
        self.lacking("numpy")
        (self.folder / "a.wav").write_bytes(b"")
        done = self.run_script(SOURCE / "scripts/benchmarks/measure_designs.py", "a.wav")
        self.assertEqual(done.returncode, WRONG_REQUEST, done.stderr)
        self.assertRegex(done.stderr, r"\Ameasure_designs: error: .*numpy.*pip install numpy.*\n\Z")


if __name__ == "__main__":
    unittest.main()
