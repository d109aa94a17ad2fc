"""Converts the user's module to a TorchScript file, and runs it."""

import contextlib
import json
import os
import sys
import warnings

import numpy as np

from . import exported_program
from .ending import FAILURE, WRONG_REQUEST, Stop, first_line
from .user_code import call, find, require_takes


def warn(text):
    print(f"export: warning: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def quiet_errors():
    """Silences standard error, to which LibTorch writes without Python."""
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def import_torch():
    try:
        import torch
    except ImportError as error:
        raise Stop(f"this Python cannot import torch ({first_line(error)}); run the script with the Python that your module "
                   "runs in, or install torch (apt install python3-torch, or pip install torch in a virtual environment)",
                   WRONG_REQUEST) from None
    return torch


def module_of(place, methods):
    torch = import_torch()
    what = f"the model {place}"
    if exported_program.is_package(place):
        if methods != ["forward"]:
            raise Stop(f"the card's outputs call the methods {', '.join(methods)}, and {place} has forward alone", WRONG_REQUEST)
        return exported_program.load(torch, place)
    found = find(place, "the model")
    if not isinstance(found, torch.nn.Module):
        require_takes(found, (), what, "a function without arguments that gives the module")
        found = call(what, found)
    if not isinstance(found, torch.nn.Module):
        raise Stop(f"{what}: gives {type(found).__name__}; expected a torch.nn.Module with its weights", WRONG_REQUEST)
    for method in methods:
        if not callable(getattr(found, method, None)):
            raise Stop(f"the card's outputs call the method '{method}', and {type(found).__name__} has none; mend the card's "
                       '"method"', WRONG_REQUEST)
    other = {str(weight.dtype) for weight in found.parameters() if weight.is_floating_point() and weight.dtype != torch.float32}
    if other:
        warn(f"the module has weights of {', '.join(sorted(other))}; they are run and saved in single precision")
    return found.cpu().float().eval()


def batch_of(module, example):
    """The window as often as tracing takes it: twice, so that nothing depends on its being one."""
    torch = import_torch()
    batch = exported_program.batch_of(module) if exported_program.is_exported(module) else None
    if batch not in (None, 1):
        raise Stop(f"the program takes batches of {batch} windows alone; export it with a batch of any size "
                   "(dynamic_shapes in torch.export.export), or of 1", WRONG_REQUEST)
    return torch.from_numpy(example).expand(batch or 2, *example.shape[1:]).clone()


def to_torchscript(module, example, methods, trace):
    """Returns the frozen network. `example` is a batch."""
    torch = import_torch()
    with quiet_errors(), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", torch.jit.TracerWarning)
        why = ""
        try:
            script = None if trace else torch.jit.script(module)
        except Exception as error:  # noqa: BLE001 (of the user's module, whatever it is)
            script, why = None, f"cannot be scripted ({first_line(error)})"
            if methods != ["forward"]:
                raise Stop(f"the module {why}, and tracing takes forward() alone; mark the card's methods "
                           f"({', '.join(methods)}) with @torch.jit.export, and mend what cannot be scripted") from None
        try:
            if script is None:
                with torch.no_grad():
                    script = torch.jit.trace(module, example, strict=False)
            frozen = torch.jit.freeze(script.eval(), preserved_attrs=[name for name in methods if name != "forward"])
        except Exception as error:  # noqa: BLE001 (the same)
            failed = f"{why} and cannot be traced" if why else "cannot be traced" if trace else "cannot be frozen"
            raise Stop(f"the module {failed} with an input of shape {(1, *example.shape[1:])}, as the card has it: "
                       f"{first_line(error)}; check the card's input, or change the module so that TorchScript takes it",
                       FAILURE) from None
    if why:
        warn(f"the module {why}; it was traced")
    for text in list(dict.fromkeys(first_line(one.message) for one in told))[:3]:
        warn(f"while tracing: {text.split('. ')[0]}")
    return frozen


def save(frozen, card, path):
    # A card inside a file cannot hold that file's hash.
    inside = {name: value for name, value in card.items() if name != "sha256"}
    frozen.save(str(path), _extra_files={"relax_spectro.json": json.dumps(inside, indent=1)})


def part_of(returned, place, name):
    """The tensor at the card's place in the module's output."""
    try:
        if "key" in place:
            found = returned[place["key"]]
        elif isinstance(returned, (tuple, list)):
            found = returned[place.get("position", 0)]
        else:
            found = returned
        return found.detach().float()
    except (KeyError, IndexError, TypeError, AttributeError):
        raise Stop(f"the card's outputs.{name} looks for {json.dumps(place)} in what the module returns, "
                   f"{type(returned).__name__}; expected a tensor there: mend its position or key", WRONG_REQUEST) from None


def run(module, windows, outputs):
    """Returns {name: [window, size]} of the module's own code, window by window."""
    torch = import_torch()
    rows = {name: [] for name in outputs}
    with torch.inference_mode():
        for window in windows:
            for name, place in outputs.items():
                method = getattr(module, place.get("method", "forward"))
                returned = call("the module, with what your front end gives of shape " + str(window.shape), method,
                                torch.from_numpy(window.copy()))
                rows[name].append(part_of(returned, place, name).numpy().reshape(-1))
    return {name: np.stack(values) for name, values in rows.items()}
