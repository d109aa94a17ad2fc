"""Writes files of weights in both formats of torch.save and as safetensors, without their packages."""

import io
import json
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict

import numpy as np

STORAGES = {"<f4": "FloatStorage", "<f8": "DoubleStorage", "<f2": "HalfStorage", "<i8": "LongStorage"}
DTYPES = {"F32": "<f4", "F64": "<f8", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
          "U8": "|u1", "BOOL": "|b1"}
LEGACY_MAGIC, LEGACY_PROTOCOL = 0x1950A86A20F9469CFC6C, 1001


def stand_in(module, name):
    """An object that is pickled as module.name."""
    if module not in sys.modules:
        sys.modules[module] = types.ModuleType(module)
    made = type(name, (), {"__module__": module, "__qualname__": name})
    setattr(sys.modules[module], name, made)
    return made


def torch_module():
    sys.modules.setdefault("torch", types.ModuleType("torch"))
    names = {name: stand_in("torch", name) for name in STORAGES.values()}
    return names, stand_in("torch._utils", "_rebuild_tensor_v2")


class Stored:
    def __init__(self, key, array):
        self.key, self.array = key, array


class Parameter:
    """An array as a parameter with its own attributes."""

    def __init__(self, array):
        self.array = array


class Pickler(pickle.Pickler):
    """Tensors are numpy arrays; their values go to `storages`."""

    def __init__(self, file, legacy, protocol):
        super().__init__(file, protocol=protocol)
        self.storages, self.legacy = [], legacy
        self.types, self.rebuild = torch_module()
        self.rebuild_parameter = stand_in("torch._utils", "_rebuild_parameter_with_state")

    def persistent_id(self, value):
        if not isinstance(value, Stored):
            return None
        place = ("storage", self.types[STORAGES[value.array.dtype.str]], value.key, "cpu", value.array.size)
        return (*place, None) if self.legacy else place

    def reducer_override(self, value):
        if isinstance(value, Parameter):
            return self.rebuild_parameter, (value.array, True, OrderedDict(), {"name": "weight"})
        if not isinstance(value, np.ndarray):
            return NotImplemented
        stored = Stored(str(len(self.storages)), np.ascontiguousarray(value))
        self.storages.append(stored)
        strides = tuple(int(step) // value.itemsize for step in stored.array.strides) if value.ndim else ()
        return self.rebuild, (stored, 0, value.shape, strides, False, OrderedDict())


def pickled(value, legacy=False, protocol=2):
    buffer = io.BytesIO()
    pickler = Pickler(buffer, legacy, protocol)
    pickler.dump(value)
    return buffer.getvalue(), pickler.storages


def save(path, value, protocol=2):
    data, storages = pickled(value, protocol=protocol)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (("data.pkl", data), *((f"data/{stored.key}", stored.array.tobytes()) for stored in storages),
                              ("version", b"3\n")):
            archive.writestr(zipfile.ZipInfo(f"archive/{name}"), content)  # no date: reproducible
    return path


def save_legacy(path, value):
    data, storages = pickled(value, legacy=True)
    parts = [pickle.dumps(LEGACY_MAGIC, 2), pickle.dumps(LEGACY_PROTOCOL, 2),
             pickle.dumps({"little_endian": True}, 2), data,
             pickle.dumps([stored.key for stored in storages], 2)]
    parts += [struct.pack("<q", stored.array.size) + stored.array.tobytes() for stored in storages]
    path.write_bytes(b"".join(parts))
    return path


def save_safetensors(path, weights):
    header, place = {"__metadata__": {"format": "pt"}}, 0
    names = {name: dtype for dtype, name in DTYPES.items()}
    for name, array in weights.items():
        header[name] = {"dtype": names[array.dtype.str], "shape": array.shape, "data_offsets": [place, place + array.nbytes]}
        place += array.nbytes
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in weights.values()))
    return path


def once(pairs):
    """A JSON object whose names differ."""
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def read_safetensors(content):
    """The arrays of safetensors by name. None if the file breaks a rule of the format."""
    try:
        end = 8 + struct.unpack_from("<Q", content)[0]
        assert content[8:9] == b"{" and end <= len(content)
        header = json.loads(content[8:end].decode(), object_pairs_hook=once)
        assert all(isinstance(text, str) for text in header.pop("__metadata__", {}).values())
        data, filled, arrays = content[end:], 0, {}
        for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            begin, stop = entry.pop("data_offsets")
            dtype, shape = np.dtype(DTYPES[entry.pop("dtype")]), entry.pop("shape")
            assert begin == filled and not entry and all(type(size) is int and size >= 0 for size in shape)
            arrays[name] = np.frombuffer(data[begin:stop], dtype).reshape(shape)
            filled = stop
        return arrays if arrays and filled == len(data) else None
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError, struct.error):
        return None
