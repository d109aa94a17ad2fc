"""What the command lines of the Python scripts share: help that begins with an example, and errors of one line.

Packages and rooms that need them are imported when they are first used, so that --help needs none of them.
"""

import argparse
import importlib
import sys
from pathlib import Path

WRONG_REQUEST = 2


def program():
    """What a script calls itself in its messages."""
    return Path(sys.argv[0]).stem


class Later:
    """A module that is imported when it is first used."""

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
    """Of a script's docstring, one of whose paragraphs begins with "Example:"."""

    def __init__(self, text):
        super().__init__(prog=program(), formatter_class=argparse.RawDescriptionHelpFormatter)
        paragraphs = text.strip().split("\n\n")
        self._example = next(paragraph for paragraph in paragraphs if paragraph.startswith("Example:"))
        self._others = [paragraph for paragraph in paragraphs if paragraph != self._example]

    def format_help(self):
        return "\n\n".join([self._example, *self._others, super().format_help()])

    def error(self, message):
        self.exit(WRONG_REQUEST, f"{self.prog}: error: {message}; see {self.prog} --help\n")


def existing_file(text):
    """Of an option: the path of a file that is there."""
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text}: no such file")
    return Path(text)


def existing_folder(text):
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text}: no such folder")
    return Path(text)
