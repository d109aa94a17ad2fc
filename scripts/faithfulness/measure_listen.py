#!/usr/bin/env python3
"""Measures whether the sounds of `relax-spectro listen` are what the network was given.

Example:
  scripts/faithfulness/measure_listen.py --data esc10 --folds 3 --model mn04.pt \\
      --labels scripts/faithfulness/esc10-to-audioset.json

Clips: maps of the top class of --clips recordings, evenly chosen. For each fill and part it prints

  cosine     of the embeddings of the sound and of the masked input: median, 5 % quantile and least
  error      of the log-mel in nats, root mean square, mean over clips
  too loud   share of the bins that would need more than 20 dB

Mosaics: recordings of two classes one after the other, as mosaic_test.py makes them. Each class is explained.

  fall       of the power of the other half, whole to salient part, in dB: median
  top        how often the class is the network's top class in the whole, in its half alone (the other half is
             silent: more cannot be expected), in the salient part and in the rest
  higher     the same for: the class scores higher than the other class

Clicks: of all these sounds, the largest step from sample to sample over that of the whole, and the largest true peak
(four times the rate) over that of the whole or -1 dB of full scale.

Options after -- go to every explain (default: --masks 512 --fill silence). Needs numpy and soundfile, and the
programs in build/bin (scripts/build).
"""

import json
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_file, existing_folder

np = Later("numpy")
soundfile = Later("soundfile")
tool = Later("benchmarks.tool")
clip_files = Later("faithfulness.clips")
compositions = Later("faithfulness.compositions")
explaining = Later("faithfulness.explaining")
measuring = Later("faithfulness.measuring")

FILLS = ("silence", "band-mean")
PARTS = ("salient", "rest")
LEAST_PEAK_DB = -1.0


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--data", type=existing_folder, required=True, metavar="DIR", help="folder with the clips and clips.csv")
    parser.add_argument("--folds", type=int, nargs="+", metavar="N", help="default: all")
    parser.add_argument("--model", default="mobilenetv3-small")
    parser.add_argument("--labels", type=existing_file, metavar="FILE", help="JSON with the model's label of each class")
    parser.add_argument("--clips", type=int, default=60, metavar="N", help="default: 60")
    parser.add_argument("--targets", type=int, default=40, metavar="N", help="classes in mosaics, two each (default: 40)")
    parser.add_argument("--select", nargs="+", default=["contrast"], help="as in listen, for the mosaics (default: contrast)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the mosaics (default: 1)")
    options, explain_options = parser.parse_until_dashes()
    options.explain_options = explain_options or ["--masks", "512", "--fill", "silence"]
    options.query, options.probe = ["class"], None
    return options


def decibels(ratio):
    return 10 * np.log10(np.maximum(ratio, 1e-12))


def click(sound, whole):
    """In dB, the largest step of a sound over that of the whole, and its true peak over that of the whole or -1 dB."""
    steps = [np.abs(np.diff(samples, axis=0)).max() for samples in (sound, whole)]
    peaks = [np.abs(np.fft.irfft(np.fft.rfft(samples, axis=0), 4 * len(samples), axis=0) * 4).max() for samples in (sound, whole)]
    return decibels((steps[0] / steps[1]) ** 2), decibels(peaks[0] ** 2) - max(decibels(peaks[1] ** 2), LEAST_PEAK_DB)


def explain(model, recordings, folder, options, *more):
    tool.run("explain", *recordings, "-o", folder, "--figure", "none", "-q", *model.options, *options.explain_options, *more)


def listen(results, folder, *options):
    tool.run("listen", *results, "-o", folder, "-q", *options)


def measure_clips(model, options, clips, folder):
    """Prints the rows of clips. Returns their clicks."""
    chosen = [clips[i * len(clips) // options.clips].path for i in range(min(options.clips, len(clips)))]
    explain(model, chosen, folder / "clips", options, "--score", "top")
    clicks = []
    print("fill       part     clips  median  5 %    least  error  too loud")
    for fill in FILLS:
        sounds = folder / fill
        listen([folder / "clips"], sounds, "--fill", fill)
        made = [json.loads(path.read_text()) for path in sorted(sounds.glob("*.listen.json"))]
        for number, part in enumerate(PARTS):
            found = [one["sounds"][number] for one in made]
            cosine = np.array([sound["cosine"] for sound in found])
            error = np.mean([sound["log_mel_error_nats"]["all"] for sound in found])
            too_loud = np.mean([sound["too_loud_share"] for sound in found])
            print(f"{fill:<10} {part:<8} {len(found):<6} {np.median(cosine):.3f}   {np.quantile(cosine, 0.05):.3f}  "
                  f"{cosine.min():.3f}  {error:.2f}   {too_loud:.3f}", flush=True)
        for path in chosen if fill == "silence" else ():
            whole, _ = soundfile.read(path, always_2d=True)
            clicks += [click(soundfile.read(sounds / f"{path.stem}.{part}.wav", always_2d=True)[0], whole) for part in PARTS]
    return clicks


def measure_target(model, target, options, folder):
    """Returns the scores of the whole, of the half alone and of each part by selection, the falls and the clicks."""
    whole, rate = soundfile.read(target.composition.path, always_2d=True)
    begin, end = (round(time_s * rate) for time_s in target.span_s)
    alone = np.zeros_like(whole)
    alone[begin:end] = whole[begin:end]
    soundfile.write(folder / "alone.wav", alone, rate, subtype="FLOAT")
    name = target.composition.path.name
    found = explaining.class_scores(model, [target.composition.path, folder / "alone.wav"], folder)
    scores = {"whole": found[name], "alone": found["alone.wav"]}
    explain(model, [target.composition.path], folder / "map", options, "--score", f"logit:{target.label}")
    falls, clicks = {}, []
    for select in options.select:
        sounds = folder / select.replace(":", "-")
        listen([folder / "map"], sounds, "--select", select)
        paths = {part: sounds / f"{target.composition.path.stem}.{part}.wav" for part in PARTS}
        found = explaining.class_scores(model, list(paths.values()), sounds)
        for part, path in paths.items():
            scores[select, part] = found[path.name]
            sound, _ = soundfile.read(path, always_2d=True)
            clicks.append(click(sound, whole))
            if part == "salient":
                other = np.ones(len(whole), bool)
                other[begin:end] = False
                falls[select] = decibels((whole[other] ** 2).sum() / max((sound[other] ** 2).sum(), 1e-12))
    return scores, falls, clicks


def measure_mosaics(model, options, clips, folder):
    """Prints the rows of mosaics. Returns their clicks."""
    labels = measuring.labels_by_class(options, model, clips)
    maker, made = compositions.compose(compositions.Mosaics, clips, model.window_s(), options.targets, options.seed, "same")
    compositions.write(maker, made, folder)
    hits, falls, clicks = {}, {select: [] for select in options.select}, []
    for target in [target for composition in made for target in composition.targets]:
        target.label, target.other_label = labels[target.clip.name], labels[target.other.name]
        own_folder = folder / f"target-{target.number}"
        own_folder.mkdir()
        scores, fallen, clicked = measure_target(model, target, options, own_folder)
        clicks += clicked
        for select, fall in fallen.items():
            falls[select].append(fall)
        own, other = (model.labels.index(label) for label in (target.label, target.other_label))
        for name, row in scores.items():
            hits.setdefault(name, []).append((row.argmax() == own, row[own] > row[other]))
    print("sound                targets  top   higher")
    for name, found in hits.items():
        top, higher = np.mean(found, axis=0)
        name = name if isinstance(name, str) else " ".join(name)
        print(f"{name:<20} {len(found):<8} {top:.2f}  {higher:.2f}")
    for select, values in falls.items():
        print(f"{select}: the other half falls by {np.median(values):.1f} dB in the median")
    return clicks


def main():
    options = parse_arguments()
    tool.require_program()
    with tempfile.TemporaryDirectory() as folder:
        try:
            model = explaining.Model(options.model)
            clips, _ = clip_files.read_clips(options.data, options.folds)
            clicks = measure_clips(model, options, clips, Path(folder)) if options.clips else []
            clicks += measure_mosaics(model, options, clips, Path(folder)) if options.targets else []
        except (explaining.WrongRequest, compositions.TooFewClips) as error:
            print(f"measure_listen: error: {error}", file=sys.stderr)
            return explaining.WRONG_REQUEST
    steps, peaks = zip(*clicks)
    print(f"{len(clicks)} sounds: the largest step is {max(steps):+.1f} dB over the whole, "
          f"the largest true peak {max(peaks):+.1f} dB over it or -1 dB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
