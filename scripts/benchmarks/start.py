"""Process start: time of a stage without a model, and time outside the loop of a stage with one."""

from pathlib import Path

from . import tool


def measure(results, case, rounds):
    plain = [tool.run("masks", "--help").seconds for _ in range(rounds)]
    results.add("start: a stage without a model, from start to end", plain, "s", at_most=0.05)
    with_model = []
    for _ in range(rounds):
        _, how, run = tool.explain(case.recording, case.model, "--masks", 16)
        with_model.append(run.seconds - how["engine"]["seconds"])
    results.add(f"start: explain with {Path(case.model).stem}, outside the loop", with_model, "s", at_most=0.5)
