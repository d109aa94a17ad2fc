"""The driver, and what all stages have in common."""

import re
import subprocess
import unittest
from pathlib import Path

from cli_test_case import CliTestCase, FAILURE, PROGRAMS, USAGE


def stages():
    """The driver lists them."""
    text = subprocess.run([str(Path(PROGRAMS) / "relax-spectro"), "--help"], capture_output=True, text=True,
                          check=True).stdout
    return re.findall(r"(?m)^  ([a-z]+) {2,}", text)


STAGES = stages()


class Driver(CliTestCase):
    forks = False

    def test_help_is_short_lines_after_an_example(self):
        driver = self.assert_succeeds(("--help",))
        for same in (("-h",), ("help",), ("--help-all",)):
            self.assert_succeeds(same, stdout=driver)
        for text in [driver] + [self.assert_succeeds((stage, "--help-all")) for stage in STAGES]:
            self.assertTrue(text.startswith("Example:\n  relax-spectro "), text)
            for line in text.splitlines():
                self.assertLessEqual(len(line), 100, line)
            for internal in ("Excludes", "Needs:", "REQUIRED", "TEXT", "UINT", "FLOAT"):
                self.assertNotIn(internal, text)

    def test_every_option_has_one_line_in_a_group_and_one_default(self):
        groups = ("Input", "Batch", "Masks", "What is measured", "Limits", "Output", "Performance", "General")
        for stage in STAGES:
            text = self.assert_succeeds((stage, "--help-all"))
            options = text[text.index("\nUsage: "):].splitlines()[2:]
            titles = [line for line in options if line and not line.startswith("  ")]
            self.assertEqual(titles, [f"{group}:" for group in groups if f"{group}:" in titles], stage)
            lines = [line for line in options if line.startswith("  ")]
            self.assertGreater(len(lines), 6, stage)
            for line in lines:
                self.assertRegex(line, r"^  (-\w, )?(--[a-z-]+|[A-Z]+)[^a-z]* {2,}\S.*$", stage)
                self.assertLessEqual(line.count("["), 1, line)

    def test_help_leaves_out_rare_options_and_says_nothing_else_than_help_all(self):
        usual, everything = ([self.assert_succeeds((stage, option)).splitlines() for stage in STAGES]
                             for option in ("--help", "--help-all"))
        for stage, some, more in zip(STAGES, usual, everything):
            self.assertEqual([line for line in more if line in some], some, stage)
        self.assertLess(len(usual[0]), len(everything[0]))

    def test_help_of_a_stage_is_the_stages_own(self):
        for stage in STAGES:
            self.assert_succeeds(("help", stage), stdout=self.assert_succeeds((stage, "--help")))
        done = self.relax("help", "explian")
        self.assertEqual((done.returncode, done.stdout), (USAGE, ""))
        self.assertIn("did you mean 'explain'?", done.stderr)

    def test_the_driver_lists_every_program(self):
        programs = {path.name for path in Path(PROGRAMS).glob("relax-spectro-*")}
        self.assertEqual({f"relax-spectro-{stage}" for stage in STAGES}, programs)

    def test_output_overwrite_and_quiet_exist_in_every_stage(self):
        for stage in STAGES:
            text = self.assert_succeeds((stage, "--help"))
            for option in (r"-o, --output PATH", r"--overwrite ", r"-q, --quiet "):
                self.assertRegex(text, rf"(?m)^  {option}", stage)

    def test_version_is_the_same_everywhere(self):
        version = self.assert_succeeds(("--version",))
        self.assertRegex(version, r"\Arelax-spectro [0-9]+\.[0-9]+\.[0-9]+( \([0-9a-f]{9,}(\+changes)?\))?\n\Z")
        for stage in STAGES:
            self.assert_succeeds((stage, "--version"), stdout=version)

    def test_version_names_the_commit(self):
        checkout = Path(__file__).parents[2]
        git = ("git", "-C", str(checkout))
        if not (checkout / ".git").exists() or subprocess.run([*git, "rev-parse", "-q", "HEAD"], check=False,
                                                              capture_output=True).returncode != 0:
            self.skipTest("no git repository")
        commit = re.search(r"\(([0-9a-f]+)", self.assert_succeeds(("--version",)))[1]
        subprocess.run([*git, "cat-file", "-e", commit + "^{commit}"], check=True)

    def test_without_a_stage_help_goes_to_stderr(self):
        done = self.relax()
        self.assertEqual((done.returncode, done.stdout), (USAGE, ""))
        self.assertTrue(done.stderr.startswith("Example:"))

    def test_an_unknown_stage_is_refused(self):
        done = self.relax("explian")
        self.assertEqual((done.returncode, done.stdout), (USAGE, ""))
        self.assertEqual(done.stderr, "relax-spectro: 'explian' is not a stage; did you mean 'explain'?\n"
                                      "Try: relax-spectro --help\n")
        done = self.relax("train")
        self.assertTrue(done.stderr.startswith("relax-spectro: 'train' is not a stage\n\nExample:"), done.stderr)

    def test_a_recording_or_a_folder_is_no_stage(self):
        recording = self.noise_file()
        for path, stage in ((recording, "explain"), (self.folder, "batch")):
            done = self.relax(path)
            self.assertEqual(done.returncode, USAGE)
            self.assertIn(f"not a stage; did you mean 'relax-spectro {stage} {path}'?\n", done.stderr)

    def test_typing_errors_get_the_nearest_option_or_value(self):
        recording = self.noise_file()
        for arguments, near in ((("--maks", "9"), "--masks"), (("--overwite",), "--overwrite"),
                                (("--fill", "slience"), "silence"), (("--score", "cosin"), "cosine"),
                                (("--family", "time-freqency"), "time-frequency"),
                                (("--preset", "relax-packages"), "relax-package"), (("--optimise", "offf"), "off"),
                                (("--precision", "bfloat"), "bfloat16")):
            self.assert_refused(("explain", recording, *arguments), USAGE, f"did you mean '{near}'?")
        self.assert_refused(("explain", recording, "--masks", "lots"), USAGE,
                            "--masks: 'lots' is neither auto nor a whole number")

    def test_a_wrong_command_line_is_explained(self):
        for arguments, text in ((("--masks",), "--masks needs a value"), (("--keep", "half"), "--keep: 'half' is not a number"),
                                (("--channel", "2.5"), "--channel: '2.5' is not a whole number"),
                                (("--keep", "1", "--keep", "1"), "--keep takes one value only"),
                                (("--zzz",), "--zzz is not an option of this stage\n")):
            self.assert_refused(("explain", "a.wav", *arguments), USAGE, text)
        self.assert_refused(("masks", "a.wav"), USAGE, "unexpected argument 'a.wav'")

    def test_a_full_disk_is_not_success(self):
        if not Path("/dev/full").exists():
            self.skipTest("no /dev/full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(self.programs / "relax-spectro"), "model", "--version"],
                                  stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("could not be written", done.stderr)


class WhatIsLoaded(CliTestCase):
    """LibTorch takes a third of a second: only what runs a network may load it."""

    def libraries(self, *arguments):
        trace = self.folder / "libraries"
        trace.mkdir(exist_ok=True)
        done = self.relax(*arguments, LD_DEBUG="libs", LD_DEBUG_OUTPUT=str(trace / "of"))
        self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
        self.assertNotEqual(done.stdout, "", arguments)
        text = "".join(file.read_text(errors="replace") for file in trace.iterdir())
        for file in trace.iterdir():
            file.unlink()
        if "calling init" not in text:
            self.skipTest("this system's loader does not say what it loads")
        return text

    def test_help_masks_and_spectrogram_do_not_load_torch(self):
        self.assertIn("libtorch_cpu", self.libraries("model", self.model("rectangle")))
        for stage in STAGES:
            self.assertNotIn("libtorch", self.libraries(stage, "--help"), stage)
        self.assertNotIn("libtorch", self.libraries("masks", "--shape", "16x20", "-n", "3"))
        self.assertNotIn("libtorch", self.libraries(
            "masks", "--model", self.model("rectangle"), "-n", "3", "-o", "of-model.npz"))
        self.assertNotIn("libtorch", self.libraries(
            "spectrogram", self.noise_file(), "--model", self.model("rectangle")))


if __name__ == "__main__":
    unittest.main()
