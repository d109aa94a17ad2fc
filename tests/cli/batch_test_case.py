"""Common parts of the tests of batch."""

import csv
import subprocess

from cli_test_case import CliTestCase, ENVIRONMENT, SUCCESS, noise, quick, write_wav

INTERRUPTED = 130
TIMES = ("status", "seconds")  # what may differ between an interrupted and an uninterrupted run


class Batch(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recordings = self.folder / "recordings"

    def write(self, name, seed=1, duration_s=0.3):
        return write_wav(self.recordings / name, noise(duration_s, seed=seed))

    def write_some(self, count):
        return [self.write(f"{i:03}.wav", seed=i) for i in range(count)]

    def command(self, *inputs, output=None, **options):
        return ("batch", *inputs, "--model", self.model("rectangle"), "-o", output or self.output,
                *quick(**options))

    def batch(self, *arguments, code=SUCCESS, **options):
        """Runs a batch of the recordings folder, or of the given inputs, and returns its output."""
        inputs = arguments or (self.recordings,)
        done = self.relax(*self.command(*inputs, **options))
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def table(self, name="summary.csv", output=None, without=()):
        with open((output or self.output) / name, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return [{column: value for column, value in row.items() if column not in without}
                for row in rows]

    def contents(self, output=None):
        """The bytes of all result arrays, by name."""
        output = output or self.output
        return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*.npz")}

    def states(self):
        """A file's state, which shows whether it was touched."""
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino)
                for path in self.output.rglob("*") if path.is_file() and path.suffix != ".csv"}

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [str(self.programs / "relax-spectro"),
             *map(str, self.command(self.recordings, *arguments, **options))],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=ENVIRONMENT, text=True)
