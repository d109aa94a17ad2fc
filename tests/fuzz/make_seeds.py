#!/usr/bin/env python3
"""Writes the seeds of the fuzz corpus: for each reader a few small files of each kind that it takes.

Example: tests/fuzz/make_seeds.py

Later findings of the fuzzer are also in tests/fuzz/corpus/ and are kept. Needs numpy, and libsndfile for compressed
recordings.
"""

import ctypes
import ctypes.util
import io
import json
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np

CORPUS = Path(__file__).resolve().parent / "corpus"
sys.path.insert(0, str(CORPUS.parents[1] / "cli"))
import state_dict_file  # beside the tests that use it

SNDFILE = ctypes.CDLL(ctypes.util.find_library("sndfile") or "libsndfile.so.1")
MAJOR = {"wav": 0x010000, "aiff": 0x020000, "au": 0x030000, "w64": 0x0B0000, "wavex": 0x130000, "flac": 0x170000,
         "rf64": 0x220000, "caf": 0x180000, "svx": 0x060000, "avr": 0x120000, "ogg": 0x200000}
PCM_16, FLOAT, MS_ADPCM, ULAW, VORBIS = 0x2, 0x6, 0x12, 0x10, 0x60


class SoundInfo(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), ("samplerate", ctypes.c_int), ("channels", ctypes.c_int),
                ("format", ctypes.c_int), ("sections", ctypes.c_int), ("seekable", ctypes.c_int)]


def write(reader, name, content):
    folder = CORPUS / reader
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def write_sound(name, kind, encoding, channels=1, frames=40):
    path = CORPUS / "audio" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    info = SoundInfo(0, 8000, channels, MAJOR[kind] | encoding, 0, 0)
    SNDFILE.sf_open.restype = ctypes.c_void_p
    file = ctypes.c_void_p(SNDFILE.sf_open(str(path).encode(), 0x20, ctypes.byref(info)))
    assert file.value, f"libsndfile does not write {name}"
    samples = (0.5 * np.sin(np.arange(frames * channels))).astype(np.float32)
    SNDFILE.sf_writef_float(file, samples.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(frames))
    SNDFILE.sf_close(file)
    content = path.read_bytes()
    peak = content.find(b"PEAK")  # a chunk with the time
    if peak >= 0:
        path.write_bytes(content[:peak + 12] + bytes(4) + content[peak + 16:])


def audio():
    for name, kind, encoding, channels in (
            ("pcm16.wav", "wav", PCM_16, 1), ("float-stereo.wav", "wav", FLOAT, 2), ("ms-adpcm.wav", "wav", MS_ADPCM, 1),
            ("extensible.wav", "wavex", PCM_16, 2), ("sun.au", "au", ULAW, 1), ("apple.aiff", "aiff", PCM_16, 2),
            ("sony.w64", "w64", PCM_16, 1), ("long.rf64", "rf64", PCM_16, 1),
            ("lossless.flac", "flac", PCM_16, 1)):
        write_sound(name, kind, encoding, channels)
    whole = (CORPUS / "audio" / "pcm16.wav").read_bytes()
    write("audio", "unknown-length.wav", whole.replace(b"data" + struct.pack("<I", 80), b"data\xff\xff\xff\xff"))
    write("audio", "empty.wav", whole[:-80].replace(b"data" + struct.pack("<I", 80), b"data\0\0\0\0"))
    write("audio", "unfinished.wav", whole.replace(b"data" + struct.pack("<I", 80), b"data\0\0\0\0"))
    write("audio", "longer.wav", whole.replace(b"data" + struct.pack("<I", 80), b"data" + struct.pack("<I", 40)))
    write_sound("apple.caf", "caf", PCM_16)
    write_sound("amiga.svx", "svx", PCM_16)
    write_sound("atari.avr", "avr", PCM_16)
    write("audio", "silent.mp3", mpeg_frame(b"Info" + struct.pack(">II", 1, 2)) + 2 * mpeg_frame())
    write("audio", "no-header.mp3", b"ID3\4\0\0\0\0\0\4" + bytes(4) + 3 * mpeg_frame())
    if not (CORPUS / "audio" / "vorbis.ogg").exists():  # its serial number differs each time
        write_sound("vorbis.ogg", "ogg", VORBIS)
    ogg = (CORPUS / "audio" / "vorbis.ogg").read_bytes()
    write("audio", "chained.ogg", ogg + ogg)


def mpeg_frame(tag=b""):
    """A silent frame of MPEG 1, layer III, mono, 44.1 kHz, 32 kbit/s."""
    return (b"\xff\xfb\x10\xc4" + bytes(17) + tag).ljust(144 * 32000 // 44100, b"\0")


def boxes():
    write("boxes", "all.csv", "file,start_s,end_s,low_hz,high_hz,label\ndog.wav,0.25,0.61,300,4000,bark\n"
                              'owl.wav,1,2,,,"hoot, ""low"""\n')
    write("boxes", "times.csv", "\ufeffstart_s\tend_s\r\n0.1\t0.2\r\n")
    write("boxes", "raven.txt", "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
                                "Begin File\tFile Offset (s)\tAnnotation\n1\tSpectrogram 1\t1\t3.5\t4.0\t100\t900\tdog.wav\t"
                                "0.5\tbark\n1\tWaveform 1\t1\t3.5\t4.0\t100\t900\tdog.wav\t0.5\tbark\n")
    write("boxes", "audacity.txt", "0.5\t1,25\tbark\n\\\t200.0\t900\n2\t3\t\n\\\t-1\t900\n")
    write("boxes", "utf16.txt", "file;start_s;end_s;\r\nnight\\dog.wav;0,5;1;\r\nday\\dog.wav;1;2;\r\n;;;\r\n".encode("utf-16"))
    write("boxes", "kaleidoscope.csv", "INDIR,FOLDER,IN FILE,OFFSET,DURATION,Fmin,Fmax,AUTO ID\nD:\\x,night,dog.wav,1,0.5,"
                                       "100,900,bark\n")


def recording_lists():
    write("recording_list", "paths", "dog.wav\nnight/owl.flac\n\n/far/away.wav\n../up.wav\n")
    write("recording_list", "utf16", "file;category;\r\nnight\\dog.wav;dog;\r\n;;\r\n".encode("utf-16"))
    write("recording_list", "batch-table",
          "file,status,stage,reason,result,duration_s,windows,masks,unresolved_windows,gain_over_loudness,gain_over_chance\n"
          'dog.wav,different,explain,"a, b",dog,1.5,2,640,0,-0.25,0.5\nlost.wav,failed,read,cut off,lost,,,,,,\n')
    write("recording_list", "table", 'file,label\ndog.wav,dog\n"a, b.wav","""x"""\n')


def card():
    return {"card_version": 1, "name": "m", "sha256": "0" * 64,
            "front_end": {"sample_rate_hz": 8000, "pre_emphasis": 0.97, "window": "hann_symmetric", "window_samples": 128,
                          "fft_samples": 128, "hop_samples": 64, "window_position": "centre", "padding": "reflect",
                          "spectrum": "power", "mel_scale": "htk", "triangle_domain": "mel", "band_norm": "none", "bands": 2,
                          "low_hz": 0, "high_hz": 4000,
                          "log": {"base": "e", "scale": 1, "multiplier": 1, "floor": 0, "offset": 1e-5},
                          "normalisation": {"subtract": -4.5, "divide": 5}},
            "input": {"axes": ["batch", "channel", "frequency", "time"], "window_frames": 3, "hop_frames": 3,
                      "variable_length": True},
            "outputs": {"embedding": {"method": "forward", "position": 1},
                        "class_scores": {"key": "logits", "activation": "softmax"}},
            "labels": ["dog", "owl"], "notes": {"any": [1, None]}}


def model_cards():
    write("model_card", "full.json", json.dumps(card()))
    small = card()
    for field in ("sha256", "labels", "notes"):
        del small[field]
    for field in ("log", "normalisation", "padding", "window"):
        del small["front_end"][field]
    small["front_end"]["log"] = {"base": "none", "range": 80}
    small["front_end"]["normalisation"] = {"window": "largest"}
    small["outputs"] = {"class_scores": {"activation": "none"}}
    write("model_card", "small.json", json.dumps(small))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(zipfile.ZipInfo("m/extra/relax_spectro.json"), json.dumps(small))
    write("model_card", "inside.pt", archive.getvalue())


def npy(array):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), version=(1, 0))
    header, data = file.getvalue().split(b"\n", 1)
    header = header[:10] + header[10:].rstrip()  # numpy's padding is not needed
    header = header[:8] + struct.pack("<H", len(header) - 9) + header[10:]
    return header + b"\n" + data


def npz():
    write("npz", "float64.npy", npy(np.arange(6.0).reshape(2, 3)))
    write("npz", "int16.npy", npy(np.arange(3, dtype=np.int16)))
    write("npz", "version-2.npy", npy(np.float32(1)).replace(b"\x93NUMPY\x01\x00", b"\x93NUMPY\x02\x00", 1))
    for name, save in (("stored.npz", np.savez), ("deflated.npz", np.savez_compressed)):
        file = io.BytesIO()
        save(file, a=np.arange(3, dtype=np.float32), b=np.ones((2, 2), dtype=bool))
        write("npz", name, file.getvalue())


def bundle(*files):
    """The inverse of split_bundle in fuzz_input.hpp."""
    return b"".join(bytes([number]) + struct.pack("<H", len(content)) + content for number, content in files)


def mask_files():
    bits = np.array([[[0, 1, 1], [1, 0, 1]]] * 2, dtype=np.uint8)
    shift = np.array([[0, 2], [1, 0]], dtype=np.int64)
    write("mask_file", "smooth", bundle((0, npy(bits)), (1, npy(shift))))
    write("mask_file", "hard", bundle((0, npy(bits)), (1, npy(shift)), (2, npy(np.ones(1, np.uint8))),
                                      (3, npy(np.zeros(1, np.uint8)))))


def how(format_name):
    source = {"path": "dog.wav", "sha256": "0" * 64}
    return {"format": f"relax-spectro {format_name}", "format_version": 2, "tool_version": "0.1.0", "command_line": "",
            "runtime": "", "input": {**source, "sample_rate_hz": 8000, "duration_s": 1.5, "channel": None,
                                      "begin_s": 0.5, "end_s": None},
            "model": {**source, "card": card()}, "reference": None, "masks_file": source,
            "engine": {"device": "cpu", "optimise": True, "precision": "single", "batch_size": "16", "workers": 1,
                       "threads": 1, "windows": 32, "seconds": 1, "forward_seconds": 0.5, "forward_share": 0.5,
                       "precision_deviation": None}, "warnings": ["few masks"], "seconds": 1}


def window(begin):
    return {"begin_frame": begin, "frames": 3, "first_frame_s": 0, "last_frame_s": 0.1, "masks": 16, "blocks": 8,
            "unmasked_score": 1, "score_mean": 0.5, "score_sd": 0.1, "noise_to_contrast": 0.2, "silent_frames": 1,
            "class_index": 1, "heard": [{"class": 1, "label": "owl", "probability": 0.75},
                                        {"class": 0, "label": "", "probability": None}]}


def size():
    shape = {"frequency": 1, "time": 2}
    return {"window": "100Hzx2", "stride": "1x1", "most_bins": shape, "fewest_bins": shape, "positions": shape, "masks": 2,
            "mean_drop": 0.1, "largest_drop": 0.2,
            "largest_drop_at": {"begin_s": 0, "end_s": 1, "low_hz": 50, "high_hz": 150}}


def result():
    masks = {"family": "random", "design": None, "count": 16, "tolerance": 0.15, "most_masks": 64, "seed": 1 << 60,
             "seed_by": "recording", "grid": "2x0.3s", "edges": "smooth", "keep_probability": 0.5,
             "windows": [{"size": "16x16", "stride": "8xall"}]}
    return {**how("result"),
            "options": {"masks": masks, "fill": "blur:5", "score": "logit:owl", "estimator": None,
                        "uncertainty": "variance", "repeat": {"replicates": 4, "threshold": "otsu"}, "hop_s": 0.1},
            "method": {"estimator": "regression", "hop_s": 0.1, "design": "code", "effective_seed": 1 << 52,
                       "grid": {"frequency": 2, "time": 3}, "edges": "smooth", "even_in_hertz": False},
            "masks_evaluated": 32, "noise_to_contrast": 0.2, "unresolved_windows": 1,
            "windows": [window(0), {**window(1), "noise_to_contrast": None}], "sizes": [size()], "steepest_size": 0}


def flip():
    return {**how("flip"), "result": {"path": "d", "sha256": "0"}, "map": "importance", "step_size": 2,
            "options": {"protocol": "orders", "unit": "cells", "cells": {"frequency": 16, "time": 20}, "steps": 20,
                        "step_size": None, "random_orders": 19, "seed": 0, "fill": "zero", "fill_seed": 1, "score": "cosine"},
            "auc": {"morf": 0.2, "random": 0.5},
            "gains": {"morf_lerf_gap": 0.4, "over_random": 0.3, "random_sd": 0.1, "random_orders": 19, "better_than": 19,
                      "over_amplitude": 0.1, "rounding": 0}}


def sanity():
    return {**how("sanity"), "passes": None, "verdict": "inconclusive", "result": {"sha256": "0"}}


def results():
    for name, json_of in (("result", result), ("flip", flip), ("sanity", sanity)):
        write("result_json", name, json.dumps(json_of()))
    values = np.array([[0.1, 0.2, np.nan, 0.4], [0.5, 0.1, 0.2, 0.3]], dtype=np.float32)
    time_s, frequency_hz = npy(np.arange(4.0)), npy(np.array([100.0, 1000.0]))
    write("result", "two-windows", bundle((0, json.dumps(result()).encode()), (1, npy(values)), (2, npy(values - 0.2)),
                                          (3, npy(values / 10)), (4, time_s), (5, frequency_hz), (6, npy(values)),
                                          (7, npy(values**2))))
    steps = npy(np.array([0.0, 0.5, 1.0]))
    write("flipping", "curves", bundle((0, json.dumps(flip()).encode()), (1, steps), (2, npy(np.array([1, 0.4, 0.1]))),
                                       (3, npy(np.array([[1, 0.6, 0.1], [1, 0.5, 0.1]])))))


def state_dicts():
    weights = {"a.weight": np.array([[1, 2], [3, 4]], dtype=np.float32), "a.bias": np.array([5, 6], dtype=np.float16),
               "a.count": np.array(7, dtype=np.int64)}
    folder = CORPUS / "state_dict"
    folder.mkdir(parents=True, exist_ok=True)
    state_dict_file.save_legacy(folder / "legacy", weights)
    state_dict_file.save_legacy(folder / "legacy-nested", {"epoch": 3, "loss": 0.5, "net": {"x": weights, "names": ["a", b"b"]}})
    state_dict_file.save(folder / "zip", weights)
    state_dict_file.save_safetensors(folder / "safetensors", weights)


if __name__ == "__main__":
    for make in (audio, boxes, recording_lists, model_cards, npz, mask_files, results, state_dicts):
        make()
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    print(f"{CORPUS}: {len(files)} files, {sum(path.stat().st_size for path in files)} bytes")
