"""Explains every target's class, and measures the maps."""

import json

from . import explaining, relevance
from .clips import class_name


def labels_by_class(options, model, clips):
    """Returns the labels by class. None if only references are compared and the labels do not name the classes."""
    known = {label.lower(): label for label in model.labels}
    given = {}
    if options.labels:
        given = {class_name(name).lower(): label for name, label in json.loads(options.labels.read_text()).items()}
    found, missing = {}, []
    for name in sorted({clip.name for clip in clips}):
        label = known.get(given.get(name.lower(), name).lower())
        if label is None:
            missing.append(name)
        found[name] = label
    if not missing:
        return found
    if options.query == ["reference"] and not options.labels:
        return None
    raise explaining.WrongRequest(f"{options.model} has no label for: {', '.join(missing)}; name them with --labels")


def hear(model, made, folder):
    """Sets which class of each composition the model scores higher."""
    scores = explaining.class_scores(model, [composition.path for composition in made if composition.path], folder)
    for composition in made:
        row = scores.get(composition.path.name) if composition.path else None
        for target in composition.targets if row is not None else ():
            own, other = (row[model.labels.index(label)] for label in (target.label, target.other_label))
            target.heard = bool(own > other)


def calls(query, options, targets):
    """Returns (options, targets) for each group of targets that can share a process."""
    if query == "reference":
        return [(("--score", "cosine", "--reference", target.reference), [target]) for target in targets]
    labels = dict.fromkeys(target.label for target in targets)
    return [(("--score", f"{options.score}:{label}"), [target for target in targets if target.label == label])
            for label in labels]


def mask_options(family):
    name, colon, grid = family.partition(":")
    return ("--family", name, "--grid", grid) if colon else ("--family", name)


def measure(found, target):
    if isinstance(found, explaining.Failed):
        raise found
    if target.loudness is None:
        loudness = relevance.loudness(found.spectrogram)
        target.loudness = relevance.Measure(*relevance.mass_and_pointing(loudness, found.time_s, target.span_s))
    mass, pointing = relevance.mass_and_pointing(found.contrast, found.time_s, target.span_s)
    return relevance.Measure(mass, pointing, found.masks, found.noise_to_contrast)


def measure_all(names, options, model, targets, progress):
    """Returns the measures by target number, and the errors of the other targets."""
    family, fill, query = names
    measures, failed = {}, {}
    for score, group in calls(query, options, targets):
        by_recording = {target.composition.path: target for target in group}
        arguments = (*model.options, *mask_options(family), "--fill", fill, *score, *options.explain_options)
        for recording, found in explaining.explain(list(by_recording), arguments, progress):
            target = by_recording[recording]
            try:
                measures[target.number] = measure(found, target)
            except (explaining.Failed, relevance.NoRelevance) as error:
                failed[target.number] = str(error)
                progress.say(f"mosaic_test: target {target.number} ({target.clip.path.name} with "
                             f"{target.other.path.name}), {family} {fill} {query}: {error}")
        progress.add(len(group))
    return measures, failed
