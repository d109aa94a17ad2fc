"""Warnings about recordings with small defects."""

import struct
import unittest

from cli_test_case import CliTestCase, FAILURE, ONE_WINDOW_S, SOME_FAILED, noise, quick, write_wav


def mpeg_frame(tag=b"", rate_hz=44100):
    """A silent frame of MPEG 1, layer III, mono, 128 kbit/s."""
    rate = {44100: 0x90, 48000: 0x94}[rate_hz]
    return (bytes((0xFF, 0xFB, rate, 0xC4)) + bytes(17) + tag).ljust(144 * 128000 // rate_hz, b"\0")


class Recordings(CliTestCase):
    def stages(self, *recordings):
        """A command line for every stage that takes recordings."""
        model = ("--model", self.model("two-layers"))
        for stage, options in (("spectrogram", ()), ("embed", ()), ("explain", quick()),
                               ("batch", quick())):
            output = self.output / f"{stage}.csv" if stage == "embed" else self.output / stage
            yield stage, (stage, *recordings, *model, "-o", output, *options)

    def test_every_stage_warns_of_a_header_that_was_never_finished(self):
        recording = self.noise_file(duration_s=ONE_WINDOW_S, promised_bytes=0)
        for stage, arguments in self.stages(recording):
            with self.subTest(stage):
                done = self.relax(*arguments)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(f"relax-spectro: warning: {recording}: its header was never finished", done.stderr)
                quiet = self.relax(*arguments, "-q", "--overwrite")
                self.assertEqual((quiet.returncode, quiet.stderr), (0, ""))
        for stage in ("flip", "sanity"):
            with self.subTest(stage):
                done = self.relax(stage, self.output / "explain" / "noise.json", "-o", self.output / stage)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stderr.count("its header was never finished"), 1, done.stderr)

    def test_an_implausible_header_fails_alone_and_is_read_where_it_is_meant(self):
        recording = write_wav(self.folder / "slow.wav", noise(1), rate_hz=999)
        for stage, arguments in self.stages(recording):
            with self.subTest(stage):
                done = self.relax(*arguments)
                self.assertIn(done.returncode, (FAILURE, SOME_FAILED))
                self.assertIn(f"{recording}: its header says that its sample rate is 999 Hz; expected 1000", done.stderr)
                self.assertIn("--trust-header", done.stderr)
                self.assertEqual(self.relax(*arguments, "--trust-header").returncode, 0)

    def test_libraries_are_silent(self):
        sizes_off = b"Xing" + struct.pack(">III", 3, 50, 50 * 417)
        recording = self.folder / "a.mp3"
        recording.write_bytes(mpeg_frame(sizes_off) + 50 * mpeg_frame() + bytes(9000))
        for stage, arguments in self.stages(recording):
            with self.subTest(stage):
                quiet = self.relax(*arguments, "-q")
                self.assertEqual((quiet.returncode, quiet.stderr), (0, ""))
                said = self.relax(*arguments, "--overwrite").stderr.splitlines()
                self.assertEqual([line for line in said if not line.startswith("relax-spectro: ")], [])

    def test_an_mp3_whose_sample_rate_changes_is_read_up_to_there(self):
        recording = self.folder / "two-rates.mp3"
        recording.write_bytes(50 * mpeg_frame() + 50 * mpeg_frame(rate_hz=48000))
        done = self.relax("embed", recording, "--model", self.model("rectangle"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"relax-spectro: warning: {recording}: decoding stopped before the end of the file "
                      "(the sample rate or the number of channels changes)\n", done.stderr)
        self.assertEqual([line for line in done.stderr.splitlines() if not line.startswith("relax-spectro: ")], [])
        last_frame_s = float(done.stdout.splitlines()[-1].split(",")[2])
        self.assertAlmostEqual(last_frame_s, 50 * 1152 / 44100, delta=0.04)  # to a window

    def test_a_recording_too_short_for_the_masks_is_said_to_be_short(self):
        recording = self.noise_file(duration_s=0.03)
        self.assert_refused(("explain", recording, "--model", self.model("any-length"), "-o", self.output),
                            FAILURE, f"{recording}: the recording is too short")


if __name__ == "__main__":
    unittest.main()
