"""Closed, full or lost streams, and terminals of any width: the work is done, and no partial files remain."""

import fcntl
import json
import os
import pty
import re
import resource
import signal
import struct
import subprocess
import termios
import unicodedata
import unittest

from cli_test_case import CliTestCase, ENVIRONMENT, FAILURE, ONE_WINDOW_S, SUCCESS, noise, quick, write_wav


def columns_of(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Work(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recordings = [write_wav(self.folder / f"in/{i}.wav", noise(ONE_WINDOW_S, seed=i)) for i in range(2)]

    def command(self, stage, *arguments, masks=20, model="rectangle"):
        return [str(self.programs / "relax-spectro"), stage, *map(str, arguments), "--model", str(self.model(model)),
                *map(str, quick(masks)), "-o", str(self.output)]

    def code(self, command, **options):
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120, check=False,
                              **options).returncode

    def shell(self, command, redirections):
        return self.code(["sh", "-c", f'"$@" {redirections}', "sh", *command])

    def assert_batch_is_whole(self):
        self.assertEqual(self.files_left(), ["0.json", "0.npz", "1.json", "1.npz", "summary.csv"])


class Streams(Work):
    def test_messages_that_cannot_be_written_are_dropped(self):
        # The warning: too few masks to estimate the noise.
        for redirections in ("2>/dev/full", "2>&-", "0<&- 2>&-"):
            with self.subTest(redirections):
                self.output = self.folder / f"results{len(redirections)}"
                self.assertEqual(self.shell(self.command("batch", self.folder / "in"), redirections), SUCCESS)
                self.assert_batch_is_whole()
                self.assertTrue(json.loads((self.output / "0.json").read_text(encoding="utf-8"))["format"])
                missing = self.command("explain", self.folder / "missing.wav")
                self.assertEqual(self.shell(missing, redirections), FAILURE)

    def test_output_that_cannot_be_written_is_said_when_the_work_is_done(self):
        for redirections in (">/dev/full", ">&-"):
            with self.subTest(redirections):
                self.output = self.folder / f"results{len(redirections)}"
                command = self.command("explain", *self.recordings)
                done = subprocess.run(["sh", "-c", f'"$@" {redirections}', "sh", *command], timeout=120, check=False,
                                      capture_output=True, text=True)
                self.assertEqual(done.returncode, FAILURE)
                self.assertIn("stdout: the output could not be written", done.stderr)
                self.assertEqual(self.files_left(), ["0.json", "0.npz", "1.json", "1.npz"])

    def test_a_reader_that_has_enough(self):
        long = write_wav(self.folder / "in/long.wav", noise(4.0))  # more rows than a pipe holds
        command = [str(self.programs / "relax-spectro"), "embed", *[str(long)] * 8, "--model",
                   str(self.model("tuple")), "--hop", "0.008"]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertTrue(run.stdout.readline().startswith("file,"))
        run.stdout.close()
        self.assertEqual((run.wait(timeout=120), run.stderr.read()), (FAILURE, ""))
        run.stderr.close()

    def test_a_limit_on_the_size_of_files_leaves_nothing_half_made(self):
        for kilobytes in (1, 4):
            with self.subTest(kilobytes):
                done = subprocess.run(
                    self.command("explain", self.recordings[0]), capture_output=True, text=True, check=False,
                    preexec_fn=lambda size=kilobytes << 10: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
                self.assertEqual(done.returncode, FAILURE, done.stderr)
                self.assertIn("0.npz: cannot be written: ", done.stderr)
                self.assertIn("File too large", done.stderr)
                self.assertNotIn("partial", done.stderr)
                self.assertEqual(self.files_left(), [])


class Terminals(Work):
    def start(self, command, columns, hangup=signal.SIG_DFL):
        """Runs a command on a terminal of its own. @returns  its process, and the terminal's other end"""
        pid, terminal = pty.fork()
        if pid == 0:
            signal.signal(signal.SIGHUP, hangup)
            fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.execve(command[0], command, {**ENVIRONMENT, "TERM": "xterm"})
        return pid, terminal

    def drawn(self, command, columns):
        pid, terminal = self.start(command, columns)
        said = b""
        try:
            while block := os.read(terminal, 65536):
                said += block
        except OSError:  # the end of a terminal
            pass
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), SUCCESS, said)
        return said.decode()

    def test_the_bar_is_as_wide_as_the_terminal_lets_it(self):
        for columns, name in ((40, "犬の鳴き声が聞こえる夜の森の録音.wav"), (80, "a.wav")):
            with self.subTest(columns=columns, name=name):
                recording = write_wav(self.folder / "in" / name, noise(ONE_WINDOW_S))
                said = self.drawn(self.command("explain", recording, "--overwrite", masks=3000), columns)
                bars = [text for text in re.split(r"\r\x1b\[K|\r\n", said) if "%" in text]
                self.assertTrue(bars, said)
                for bar in bars:
                    self.assertLess(columns_of(bar), columns, bar)
        self.assertRegex(bars[-1], r"^a\.wav \[#+\] 100 % 3000/3000 masks, 0 s left$")

    def test_a_terminal_that_goes_away_ends_the_work_as_a_signal_does_or_not_at_all(self):
        for hangup, code in ((signal.SIG_IGN, SUCCESS), (signal.SIG_DFL, 130)):
            with self.subTest(hangup):
                self.output = self.folder / f"results{code}"
                pid, terminal = self.start(
                    self.command("batch", self.folder / "in", masks=30000, model="convolution"), 80, hangup)
                os.read(terminal, 10)  # the bar is visible
                os.close(terminal)
                self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), code)
                if code == SUCCESS:
                    self.assert_batch_is_whole()
                else:
                    self.assertFalse([name for name in self.files_left() if name.startswith(".")])


if __name__ == "__main__":
    unittest.main()
