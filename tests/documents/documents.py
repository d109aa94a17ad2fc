"""The documents of the project, and what can be read out of them."""

import os
import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("RELAX_SPECTRO_TEST_PROGRAMS", SOURCE / "build" / "bin"))

sys.path.insert(0, str(SOURCE / "apps" / "man"))
import page as man  # noqa: F401  (for the tests)


def documents():
    """All Markdown files of the project, from its top."""
    listed = sorted(path.relative_to(SOURCE) for path in SOURCE.rglob("*.md"))
    return [path for path in listed if not path.parts[0].startswith((".deps", "build"))]


def commands_of(text):
    """The commands of a document's ```sh blocks, as written; a backslash joins lines."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text, flags=re.M | re.S)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def anchor_of(heading):
    """The anchor that a heading has on the usual sites."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors_of(text):
    return {anchor_of(heading) for heading in re.findall(r"^#+ (.*)$", text, flags=re.M)}


def links_of(text):
    """(path, anchor) of each link that stays inside the project."""
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return [tuple(([*target.split("#"), ""])[:2]) for target in targets if "://" not in target]


def run(command, folder, environment):
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, text=True,
                          capture_output=True, check=False, stdin=subprocess.DEVNULL)
