"""Masks a second by the size of the batches, fused and not fused."""

from . import tool

FORMS = ("16", "4", "16f", "8f", "4f")


def measure(results, name, case, rounds, masks):
    """Runs all forms in turn, round by round. Each rate is divided by that of the first form in its round."""
    rates = {form: [] for form in FORMS}
    for _ in range(rounds):
        for form in FORMS:
            _, how, _ = tool.explain(case.recording, case.model, "--masks", masks, "--batch-size", form)
            rates[form].append(tool.masks_per_second(how))
    results.add(f"{name}: --batch-size {FORMS[0]}", rates[FORMS[0]], "masks/s")
    for form in FORMS[1:]:
        results.add(f"{name}: --batch-size {form}, over {FORMS[0]}",
                    [rate / one for rate, one in zip(rates[form], rates[FORMS[0]])], "×")
