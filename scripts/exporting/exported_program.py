"""Loads what torch.export.save wrote as a module that can be traced."""

import zipfile
from pathlib import Path

from .ending import FAILURE, WRONG_REQUEST, Stop, first_line


def is_package(place):
    return Path(place).suffix == ".pt2"


def load(torch, place):
    path = Path(place)
    if not path.is_file():
        raise Stop(f"the model {place}: no such file", WRONG_REQUEST)
    if zipfile.is_zipfile(path) and any("/aotinductor/" in f"/{name}" for name in zipfile.ZipFile(path).namelist()):
        raise Stop(f"the model {place}: is a compiled package; use it as it is, with a card beside it (models/README.md)",
                   WRONG_REQUEST)
    try:
        program = torch.export.load(path)
    except Exception as error:  # noqa: BLE001 (of the file, whatever it is)
        raise Stop(f"the model {place}: cannot be loaded ({first_line(error)}); expected what torch.export.save writes",
                   FAILURE) from None
    inputs = program.graph_signature.user_inputs
    if len(inputs) != 1:
        raise Stop(f"the model {place}: takes {len(inputs)} inputs; expected one, the spectrogram", WRONG_REQUEST)
    module = program.module()
    module.is_exported_program = True
    return module


def is_exported(module):
    return getattr(module, "is_exported_program", False)


def batch_of(module):
    """The batch size for which a program was exported. None if it takes any."""
    given = next(node for node in module.graph.nodes if node.op == "placeholder").meta.get("val")
    return given.shape[0] if given is not None and isinstance(given.shape[0], int) else None
