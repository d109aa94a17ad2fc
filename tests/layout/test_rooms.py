"""Each room of src/core may include only the rooms before it, and headers are in the room of their sources."""

import re
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
HEADERS = SOURCE / "include/relax_spectro"
CORE = SOURCE / "src/core"

# In the order in which data flows, from a wav on. Each room may include only the rooms before it.
ROOMS = (
    "base", "files", "audio", "model", "masks", "occlusion", "saliency", "evaluation", "results",
    "resynthesis", "interactions", "probe", "assess", "space", "batch", "featout", "compare", "check",
)


def files_of(room):
    for folder in (HEADERS / room, CORE / room):
        yield from (path for path in folder.rglob("*") if path.suffix in (".hpp", ".cpp"))


def rooms_included(path):
    for name in re.findall(r'#include "(?:relax_spectro/)?([^"/]+)/', path.read_text(encoding="utf-8")):
        if name in ROOMS:
            yield name


class Rooms(unittest.TestCase):
    def test_the_list_has_every_room(self):
        of_core = {path.name for path in CORE.iterdir() if path.is_dir()}
        of_headers = {path.name for path in HEADERS.iterdir()}
        self.assertEqual(of_core, set(ROOMS))
        self.assertLessEqual(of_headers, {*ROOMS, "render"})

    def test_no_room_knows_one_below_it(self):
        included = 0
        for i, room in enumerate(ROOMS):
            for path in files_of(room):
                for other in rooms_included(path):
                    included += 1
                    self.assertLessEqual(ROOMS.index(other), i, f"{path.relative_to(SOURCE)} includes {other}")
        self.assertGreater(included, 100)

    def test_sources_stand_in_the_room_of_their_header(self):
        for path in CORE.rglob("*.cpp"):
            for header in HEADERS.rglob(f"{path.stem}.hpp"):
                self.assertIn(header.parent.name, (path.relative_to(CORE).parts[0], "render"), path.name)

    def test_a_public_header_includes_public_ones_alone(self):
        for path in HEADERS.rglob("*.hpp"):
            for name in re.findall(r'#include "([^"]+)"', path.read_text(encoding="utf-8")):
                self.assertTrue((SOURCE / "include" / name).exists(), f"{path.relative_to(SOURCE)} includes {name}")


if __name__ == "__main__":
    unittest.main()
