"""Finds and calls what a user's Python file defines. Errors in it become one line."""

import difflib
import importlib.util
import inspect
import sys
import traceback
from pathlib import Path

from .ending import FAILURE, WRONG_REQUEST, Stop, first_line


def find(place, what):
    """The object that FILE:NAME names."""
    file, _, name = place.rpartition(":")
    if not file or not name or not Path(file).is_file():
        raise Stop(f"{what} {place}: " + (f"there is no file {file}" if file else "names no file") +
                   "; expected FILE:NAME, a Python file and what it defines", WRONG_REQUEST)
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None:
        raise Stop(f"{what} {place}: {file} is no Python file (.py); expected FILE:NAME", WRONG_REQUEST)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(Path(file).resolve().parent))
    call(f"{what} {place}", spec.loader.exec_module, module)
    if not hasattr(module, name):
        known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        near = difflib.get_close_matches(name, known, 1, 0.75)
        hint = f"did you mean {near[0]}?" if near else f"it defines {', '.join(known) or 'nothing to call'}"
        raise Stop(f"{what} {place}: {file} defines no {name}; {hint}", WRONG_REQUEST)
    return getattr(module, name)


def require_takes(found, arguments, what, expected):
    """Checks the signature before a call."""
    if not callable(found):
        raise Stop(f"{what}: is {type(found).__name__}, nothing to call; expected {expected}", WRONG_REQUEST)
    try:
        inspect.signature(found).bind(*arguments)
    except TypeError as error:
        raise Stop(f"{what}: cannot be called with {len(arguments)} arguments ({error}); expected {expected}",
                   WRONG_REQUEST) from None
    except ValueError:
        pass  # written in C: without a signature to look at


def call(what, function, *arguments):
    """Calls the user's code. Its exceptions, and an exit of the program, become an error of one line."""
    try:
        return function(*arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 (whatever the user's code raises, and sys.exit too)
        raise Stop(f"{what}: {reason(error)}", FAILURE) from None


def reason(error):
    """The error in one line, with its place in the user's file."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if "importlib" not in frame.filename and Path(frame.filename).parent != Path(__file__).parent]
    place = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    return f"raised {type(error).__name__}: {first_line(error) or 'without a message'}{place}"
