"""relax-spectro explain: recordings, and use of the processor."""

import json
import os
import resource
import subprocess
import unittest

import numpy as np

from cli_test_case import (BANDS, CliTestCase, FAILURE, FRAMES, HOP, MAPS, ONE_WINDOW_S, RATE_HZ, SOME_FAILED, WINDOW,
                           frames_of, noise, quick, tone, write_wav)


class Recordings(CliTestCase):
    def test_a_recording_shorter_than_a_window_is_padded_and_said_so(self):
        recording = self.noise_file(duration_s=0.1)
        warning = (f"relax-spectro: warning: {recording}: the recording (0.100 s) is shorter than "
                   "the model's window (0.168 s): it was padded at its end with digital silence\n")
        self.assert_shows(("explain", recording, "--model", self.model("rectangle"), "-o", self.output,
                           *quick(masks=2000), "--fill", "silence"), f"{self.output}/noise.npz", warning)
        with np.load(self.output / "noise.npz") as arrays:
            self.assertEqual(arrays["spectrogram"].shape, (BANDS, FRAMES))
            np.testing.assert_allclose(arrays["spectrogram"][:, -1], -2)
        result = json.loads((self.output / "noise.json").read_text(encoding="utf-8"))
        self.assertEqual(len(result["warnings"]), 1)
        self.assertAlmostEqual(result["input"]["duration_s"], 0.1)

    def test_a_model_of_any_length_takes_a_short_recording_as_it_is(self):
        arrays, result = self.explain(self.noise_file(duration_s=0.1),
                                      model="any-length")
        self.assertEqual(arrays["importance"].shape, (BANDS, frames_of(800)))
        self.assertEqual(result["windows"][0]["frames"], frames_of(800))

    def test_silence_is_unresolved(self):
        recording = write_wav(self.folder / "silence.wav", np.zeros(RATE_HZ // 5))
        done = self.relax("explain", recording, "--model", self.model("rectangle"), "-o",
                          self.output, *quick(), "--fill", "silence")
        self.assertEqual(done.returncode, 0)
        self.assertTrue(done.stdout.startswith(f"{self.output}/silence.npz: digital silence: the map shows"), done.stdout)
        self.assertIn(f"relax-spectro: warning: {recording}: the model's input is the same everywhere", done.stderr)
        self.assertIn(f"relax-spectro: warning: {recording}: unresolved", done.stderr)
        result = json.loads((self.output / "silence.json").read_text(encoding="utf-8"))
        self.assertIsNone(result["noise_to_contrast"])
        self.assertEqual(result["unresolved_windows"], len(result["windows"]))
        self.assertTrue(result["warnings"][1].startswith("unresolved"))

    def test_quiet_says_no_warnings_but_keeps_them_in_the_result(self):
        _, result = self.explain(self.noise_file(), model="constant")
        self.assertTrue(result["warnings"])

    def test_channels_are_averaged_unless_one_is_chosen(self):
        left, right = noise(0.2, seed=1), noise(0.2, seed=2)
        stereo = write_wav(self.folder / "stereo.wav", np.stack([left, right], axis=1))
        # The mean of the file's 32-bit samples.
        mean = (left.astype(np.float32).astype(float) + right.astype(np.float32)) / 2
        expected = {(): mean, ("--channel", "1"): left, ("--channel", "2"): right}
        for number, (options, samples) in enumerate(expected.items()):
            alone = write_wav(self.folder / f"alone{number}.wav", samples)
            from_stereo, _ = self.explain(stereo, "--seed-by", "run", *options, output=self.folder / f"out{number}")
            from_mono, _ = self.explain(alone, "--seed-by", "run")
            for name in from_mono:
                np.testing.assert_array_equal(from_stereo[name], from_mono[name], name)

    def test_24_bit_stereo_at_another_rate_is_resampled(self):
        rate_hz = 44100
        sound = tone(1000, 0.5, rate_hz)
        recording = write_wav(self.folder / "cd.wav", np.stack([sound, sound], axis=1), rate_hz,
                              "pcm24")
        arrays, result = self.explain(recording)
        plain, _ = self.explain(write_wav(self.folder / "plain.wav", tone(1000, 0.5)))
        self.assertEqual(result["input"]["sample_rate_hz"], rate_hz)
        self.assertAlmostEqual(result["input"]["duration_s"], 0.5)
        self.assertEqual(arrays["spectrogram"].shape, plain["spectrogram"].shape)
        # Away from the ends, where resampling affects the beginning and the end of the sound.
        np.testing.assert_allclose(arrays["spectrogram"][:, 3:-3], plain["spectrogram"][:, 3:-3],
                                   atol=0.02)

    def test_a_long_recording_is_covered_to_its_end(self):
        duration_s = 3.0
        arrays, result = self.explain(self.noise_file(duration_s=duration_s))
        frames = frames_of(round(duration_s * RATE_HZ))
        for name in (*MAPS, "spectrogram"):
            self.assertEqual(arrays[name].shape, (BANDS, frames), name)
        self.assertTrue((np.diff(arrays["time_s"]) > 0).all())
        self.assertGreater(arrays["time_s"][-1] + (WINDOW / 2 + HOP) / RATE_HZ, duration_s)
        windows = result["windows"]
        self.assertEqual(arrays["scores"].shape, (len(windows), 20))
        self.assertEqual(result["masks_evaluated"], len(windows) * 20)
        covered = np.zeros(frames)
        for window in windows:
            begin, end = window["begin_frame"], window["begin_frame"] + window["frames"]
            covered[begin:end] += 1
            self.assertEqual(window["first_frame_s"], arrays["time_s"][begin])
            self.assertEqual(window["last_frame_s"], arrays["time_s"][end - 1])
        self.assertTrue((covered >= 1).all())

    def test_hop_sets_how_windows_follow_one_another(self):
        _, result = self.explain(self.noise_file(duration_s=1.0), "--hop", "0.08")
        begins = [window["begin_frame"] for window in result["windows"]]
        self.assertEqual(begins[:3], [0, 10, 20])

    def test_one_recording_that_fails_does_not_stop_the_others(self):
        good = [self.noise_file(name) for name in ("one.wav", "two.wav")]
        bad = self.folder / "bad.wav"
        bad.write_bytes(b"not sound")
        done = self.relax("explain", good[0], bad, good[1], "--model", self.model("rectangle"),
                          "-o", self.output, "--quiet", *quick())
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertEqual([line.split(": ")[0] for line in done.stdout.splitlines()],
                         [f"{self.output}/one.npz", f"{self.output}/two.npz"])
        first, last = done.stderr.splitlines()
        self.assertIn(f"{bad}: not a recording", first)
        self.assertEqual(last, "relax-spectro: 1 of 3 recordings failed")
        self.assertEqual(self.files_left(), ["one.json", "one.npz", "two.json", "two.npz"])

    def test_when_all_recordings_fail_that_is_a_failure(self):
        missing = [self.folder / "a.wav", self.folder / "b.wav"]
        done = self.relax("explain", *missing, "--model", self.model("rectangle"), "-o",
                          self.output, *quick())
        self.assertEqual(done.returncode, FAILURE)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("no such file"), 2)
        self.assertIn("2 of 2 recordings failed", done.stderr)
        self.assertEqual(self.files_left(), [])

    def test_recordings_of_one_name_get_results_of_their_own(self):
        files = [self.noise_file(name, ONE_WINDOW_S)
                 for name in ("a/x.wav", "b/x.wav", "c/x.wave", "y.wav")]
        done = self.relax("explain", *files, "--model", self.model("rectangle"), "-o", self.output,
                          "--quiet", *quick())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        results = [line.split(": ")[0].removeprefix(f"{self.output}/") for line in done.stdout.splitlines()]
        self.assertEqual(results, ["a_x_wav.npz", "b_x_wav.npz", "x_wave.npz", "y.npz"])
        for result, file in zip(results, files):
            summary = (self.output / result).with_suffix(".json").read_text(encoding="utf-8")
            self.assertEqual(json.loads(summary)["input"]["path"], str(file))


class Processor(CliTestCase):
    """A process may be limited to fewer cores and threads than the machine has."""

    def limited(self, *arguments, before):
        recording = self.noise_file(duration_s=ONE_WINDOW_S)
        command = [str(self.programs / "relax-spectro"), "explain", str(recording), "--model",
                   str(self.model("rectangle")), "-o", str(self.output), "--overwrite", "--figure", "none",
                   "--masks", "200", *arguments]
        return subprocess.run(command, capture_output=True, text=True, preexec_fn=before, check=False)

    def test_workers_are_the_cores_that_the_process_may_use(self):
        core = min(os.sched_getaffinity(0))
        done = self.limited(before=lambda: os.sched_setaffinity(0, {core}))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads((self.output / "noise.json").read_text())["engine"]["workers"], 1)

    def test_without_more_threads_the_work_goes_on_or_the_message_says_why(self):
        def no_threads():  # no thread can get a stack of 64 TiB
            resource.setrlimit(resource.RLIMIT_STACK, (1 << 46, resource.RLIM_INFINITY))

        if resource.getrlimit(resource.RLIMIT_STACK)[1] != resource.RLIM_INFINITY:
            self.skipTest("the size of a stack is limited for good")
        done = self.limited("--workers", "3", "--threads", "1", before=no_threads)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"\Arelax-spectro: warning: .*noise.wav: no more threads can be started "
                                      r"\(.+\): continuing with 1 of 3 workers\n\Z")
        done = self.limited("--workers", "1", "--threads", "3", before=no_threads)
        self.assertEqual(done.returncode, FAILURE)
        self.assertRegex(done.stderr, r"\Arelax-spectro: 0 of 3 threads can be started \(.+\); expected --threads 3 "
                                      r"for each of 1 workers: lower --threads or --workers, .*\n\Z")


if __name__ == "__main__":
    unittest.main()
