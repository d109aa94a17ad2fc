"""Command lines of the Python scripts: the help starts with an example, and errors take one line.

Packages are imported at their first use, so that --help needs none.
"""

import argparse
import importlib
import sys
from pathlib import Path

WRONG_REQUEST = 2


def program():
    """The name of the script in its messages."""
    return Path(sys.argv[0]).stem


class Later:
    """A module that is imported at its first use."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        try:
            module = importlib.import_module(self._name)
        except ImportError as error:
            package = error.name or self._name
            print(f"{program()}: error: this Python cannot import {package}: {error}; install it "
                  f"(pip install {package}), or run the script with a Python that has it", file=sys.stderr)
            sys.exit(WRONG_REQUEST)
        return getattr(module, attribute)


class Parser(argparse.ArgumentParser):
    """Takes its help from a docstring. One paragraph starts with "Example:" and comes first."""

    def __init__(self, text):
        super().__init__(prog=program(), formatter_class=argparse.RawDescriptionHelpFormatter)
        paragraphs = text.strip().split("\n\n")
        self._example = next(paragraph for paragraph in paragraphs if paragraph.startswith("Example:"))
        self._others = [paragraph for paragraph in paragraphs if paragraph != self._example]

    def format_help(self):
        return "\n\n".join([self._example, *self._others, super().format_help()])

    def parse_until_dashes(self):
        """Parses the command line up to "--". Returns the options, and the list of what stands behind it."""
        arguments = sys.argv[1:]
        behind = arguments.index("--") if "--" in arguments else len(arguments)
        return self.parse_args(arguments[:behind]), arguments[behind + 1:]

    def error(self, message):
        self.exit(WRONG_REQUEST, f"{self.prog}: error: {message}; see {self.prog} --help\n")


def existing_file(text):
    """Type of an option: the path of an existing file."""
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text}: no such file")
    return Path(text)


def existing_folder(text):
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text}: no such folder")
    return Path(text)
