#!/usr/bin/env python3
"""Measures whether `compare` finds what a model has learnt wrongly, where that is known.

Example:
  scripts/faithfulness/measure_compare.py --data esc10 --model mn04.pt --classes Rain Rooster --plants 2000 5000
  scripts/faithfulness/measure_compare.py --data esc10 --model mn04.pt --plants 1000 high-pass wind none -o runs

Two probes are trained on the folds that are not tested. What the second one learns has a plant in every clip of one
class. The recordings that are compared have the plant in half of each class:

  2000       tone bursts at this many Hertz, 0.35 s a second
  wind       brown noise below 300 Hz that swells every two seconds
  high-pass  nothing below 500 Hz
  none       no plant: the first probe with other masks

Tones and wind are --level dB above the clip. Both probes are asked for the class, and `compare` for what differs.

  fooled     share of recordings of other classes that have the plant and are heard as the class, by either probe
  p          the smallest, of bands and of kinds of sound
  purity     of the first and of the second kind of sound: share of its regions that hold the tone, and the share of
             its difference that lies in them. The recording has the tone, and the box covers its frequency

Options after -- go to every batch (default: --masks 256). Needs numpy and soundfile, and the programs in build/bin
(scripts/build).
"""

import csv
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
from command_line import Later, Parser, existing_folder

np = Later("numpy")
soundfile = Later("soundfile")
tool = Later("benchmarks.tool")
clip_files = Later("faithfulness.clips")
statistics = Later("faithfulness.statistics")

LEVEL = 0.05
PURE = 0.6


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument("--data", type=existing_folder, required=True, metavar="FOLDER", help="clips.csv and the clips")
    parser.add_argument("--model", default="mobilenetv3-small", metavar="MODEL", help="name or file [mobilenetv3-small]")
    parser.add_argument("--test", type=int, default=3, metavar="FOLD", help="the fold that is compared [3]")
    parser.add_argument("--each", type=int, default=4, metavar="N", help="recordings of each class [4]")
    parser.add_argument("--classes", nargs="+", default=["Rain", "Rooster"], metavar="CLASS")
    parser.add_argument("--plants", nargs="+", default=["5000"], metavar="PLANT", help="see above [5000]")
    parser.add_argument("--level", type=float, default=-15.0, metavar="DB", help="of plants over the clip [-15]")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="keep all files here")
    options, batch_options = parser.parse_until_dashes()
    options.batch_options = batch_options or ["--masks", "256"]
    return options


def low_passed(samples, rate, hz):
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / rate) > hz] = 0
    return np.fft.irfft(spectrum, len(samples))


def with_plant(samples, rate, plant, level_db):
    time_s = np.arange(len(samples)) / rate
    if plant == "high-pass":
        return samples - low_passed(samples, rate, 500.0)
    if plant == "wind":
        walk = np.cumsum(np.random.default_rng(len(samples)).standard_normal(len(samples)))
        added = (low_passed(walk, rate, 300.0) - low_passed(walk, rate, 30.0)) * (1.2 + np.sin(np.pi * time_s))
    elif plant.isdigit():
        added = np.sin(2 * np.pi * int(plant) * time_s) * (time_s % 1.0 < 0.35)
    else:
        return samples
    loudness = np.sqrt(np.mean(np.square(samples))) + 1e-4
    return samples + added / np.sqrt(np.mean(np.square(added))) * loudness * 10 ** (level_db / 20)


def write(clips, plant, has_plant, folder, options):
    """Writes the clips as WAV. Returns their paths."""
    folder.mkdir()
    paths = []
    for clip in clips:
        samples, rate = clip_files.sound(clip.path)
        if has_plant(clip):
            samples = with_plant(samples, rate, plant, options.level)
        paths.append(folder / f"{clip.path.stem}.wav")
        soundfile.write(paths[-1], samples, rate, subtype="FLOAT")
    return paths


def train(clips, plant, planted_class, folder, options):
    """Returns the probe."""
    folder.mkdir()
    paths = write(clips, plant, lambda clip: clip.name == planted_class, folder / "train", options)
    with open(folder / "labels.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "label", "group"))
        for path, clip in zip(paths, clips):
            writer.writerow((path.name, clip.name, path.name.split("-")[1]))
    tool.run("embed", *paths, "-m", options.model, "-q", "-o", folder / "embeddings.npz")
    tool.run("probe", folder / "embeddings.npz", "--labels", folder / "labels.csv", "--figure", "none", "-q", "-o",
             folder / "learnt")
    return folder / "learnt.probe.json"


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def explain(recordings, probe, names, seed, folder, options):
    """Explains several classes at once, and parts the results into a folder for each."""
    scores = {f"logit:{name}": name for name in names}
    tool.run("batch", recordings, "-o", folder, "-m", options.model, "--probe", probe, "--score", ",".join(scores),
             "--seed-by", "recording", "--seed", seed, "--figure", "none", "-q", *options.batch_options)
    for row in rows_of(folder / "summary.csv"):
        of_class = folder / scores[row["score"]]
        of_class.mkdir(exist_ok=True)
        for ending in (".json", ".npz"):
            (folder / f"{row['result']}{ending}").rename(of_class / f"{row['result']}{ending}")
    return folder


def fooled(results, planted, name, clips):
    others = {clip.path.stem for clip in clips if clip.path.stem in planted and clip.name != name}
    heard = {Path(row["file"]).stem: row["heard"] for row in rows_of(results / "summary.csv")}
    return sum(heard[stem] == name for stem in others) / len(others)


def purity(regions, cluster, plant, planted):
    """The share of a cluster's regions that hold the tone, and their share of its difference."""
    members = [row for row in regions if int(row["cluster"]) == cluster]
    holds = np.array([Path(row["file"]).stem in planted and float(row["low_hz"]) <= int(plant) <= float(row["high_hz"])
                      for row in members])
    amounts = np.array([float(row["difference"]) * float(row["share"]) for row in members])
    return (holds.mean(), amounts[holds].sum() / amounts.sum()) if members else (0.0, 0.0)


def chosen(clips, each):
    """As many clips of each class, and the names of every other one: those have the plant."""
    taken, planted = [], set()
    for name in sorted({clip.name for clip in clips}):
        members = [clip for clip in clips if clip.name == name][:each]
        taken += members
        planted |= {clip.path.stem for clip in members[1::2]}
    return taken, planted


def judge(plant, name, results, planted, tested, folder):
    """Compares the results of two probes. Returns the smallest p, and the purities of two clusters if there is a tone."""
    tool.run("compare", *(of_model / name for of_model in results), "-q", "-o", folder / "comparison")
    bands, clusters = (rows_of(folder / "comparison" / f"{table}.csv") for table in ("profile", "clusters"))
    regions = rows_of(folder / "comparison" / "regions.csv")
    p = [min((float(row["p"]) for row in rows if row["p"]), default=1.0) for rows in (bands, clusters)]
    pure = [purity(regions, cluster, plant, planted) for cluster in (0, 1)] if plant.isdigit() else []
    shares = [fooled(of_model, planted, name, tested) for of_model in results]
    print(f"{plant} | {name} | {shares[0]:.2f}, {shares[1]:.2f} | {p[0]:.4f}, {p[1]:.4f} | "
          f"{', '.join(f'{share:.2f} {amount:.2f}' for share, amount in pure)}", flush=True)
    return min(p), [share for share, _ in pure]


def counted(what, hits):
    if not hits:
        return
    interval = statistics.wilson_interval(sum(hits), len(hits))
    print(f"{what}: {sum(hits)} of {len(hits)}" + (f" ({interval[0]:.2f}–{interval[1]:.2f})" if interval else ""))


def main():
    options = parse_arguments()
    tool.require_program()
    clips, _ = clip_files.read_clips(options.data, None)
    test, _ = clip_files.read_clips(options.data, [options.test])
    test_paths = {clip.path for clip in test}
    training = [clip for clip in clips if clip.path not in test_paths]
    tested, planted = chosen(test, options.each)
    print(f"{len(tested)} recordings, {len(planted)} with the plant\nplant | class | fooled | p of bands, of kinds | purity")
    found = []
    with tempfile.TemporaryDirectory() as temporary:
        base = options.output or Path(temporary)
        base.mkdir(parents=True, exist_ok=True)
        clean = train(training, "none", None, base / "clean", options)
        for plant in options.plants:
            (base / plant).mkdir()
            recordings = base / plant / "recordings"
            write(tested, plant, lambda clip: clip.path.stem in planted, recordings, options)
            a = explain(recordings, clean, options.classes, 0, base / plant / "a", options)
            for name in options.classes:
                folder = base / plant / name
                folder.mkdir()
                probe = clean if plant == "none" else train(training, plant, name, folder / "probe", options)
                b = explain(recordings, probe, [name], int(plant == "none"), folder / "b", options)
                found.append((plant, *judge(plant, name, (a, b), planted, tested, folder)))
    counted("a tone is found", [p <= LEVEL for plant, p, _ in found if plant.isdigit()])
    counted("the first or the second kind of sound is the tone", [max(pure) >= PURE for _, _, pure in found if pure])
    counted("wind or the high-pass is found", [p <= LEVEL for plant, p, _ in found if plant in ("wind", "high-pass")])
    counted("without a plant, a difference is found", [p <= LEVEL for plant, p, _ in found if plant == "none"])


if __name__ == "__main__":
    main()
