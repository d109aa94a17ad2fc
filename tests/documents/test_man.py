"""The man pages: each program has one, with its options and no others. No converter is needed.

    python3 tests/documents/test_man.py        tests the pages with the programs of build/
"""

import functools
import re
import unittest

from documents import PROGRAMS, man

NAMES = sorted(path.name for path in PROGRAMS.glob("relax-spectro*"))
OPTION = r"(?<![\w-])--?[a-z][a-z0-9-]*"

help_of = functools.cache(lambda program: man.help_of(program, PROGRAMS))


def options_of(program):
    if program == "relax-spectro":  # whose page is about what all stages have in common
        return set.intersection(*(options_of(name) for name in NAMES if name != program))
    names = re.findall(r"(?m)^  (-\S.*?)  ", help_of(program))
    return {option for name in names for option in re.findall(OPTION, name)}


def mentions(program):
    """(program, option) for each option that a page names. A command is about its own program."""
    text = man.text_of(program)
    for code in re.findall(r"(?s)`[^`\n]+`|```\w+\n.*?```", text):
        for line in code.strip("`").splitlines():
            words = line.split()
            if words[:1] == ["scripts/setup"]:
                continue
            command = words[:1] == ["relax-spectro"] and len(words) > 1 and words[1].isalpha()
            owner = f"relax-spectro-{words[1]}" if command else program
            yield from ((owner, option) for option in re.findall(OPTION, line))


class ManPages(unittest.TestCase):
    def test_every_program_has_a_page_and_every_part_is_used(self):
        self.assertGreater(len(NAMES), 10)
        self.assertEqual({man.source_of(name) for name in NAMES}, set(man.FOLDER.glob("*.md")))
        linked = {part for name in NAMES
                  for part in re.findall(r"\((parts/.*)\)", man.source_of(name).read_text("utf-8"))}
        self.assertEqual(linked, {f"parts/{path.name}" for path in man.FOLDER.glob("parts/*.md")})

    def test_pages_name_their_programs_as_help_does(self):
        stages = dict(re.findall(r"(?m)^  ([a-z]+) {2,}(\S.*)$", help_of("relax-spectro")))
        for name in NAMES:
            text = man.page(name, PROGRAMS)
            usage = re.search(r"Usage: (.*)", help_of(name)).group(1)
            self.assertIn(f"# SYNOPSIS\n\n`{usage}`\n", text, name)
            if name != "relax-spectro":
                self.assertIn(f"# NAME\n\n{name} - {stages[name.removeprefix('relax-spectro-')]}\n", text)
            for section in ("DESCRIPTION", "EXAMPLES", "FILES", "EXIT STATUS", "SEE ALSO"):
                self.assertEqual(len(re.findall(rf"(?m)^# {section}$", text)), 1, f"{name}: {section}")

    def test_pages_have_every_option_or_every_stage(self):
        for name in NAMES:
            stages = {other.removeprefix("relax-spectro-") for other in NAMES if other != name}
            for entry in stages if name == "relax-spectro" else options_of(name):
                self.assertIn(f"**{entry}**", man.page(name, PROGRAMS), name)

    def test_pages_name_no_option_that_does_not_exist(self):
        count = 0
        for name in NAMES:
            for owner, option in mentions(name):
                self.assertIn(option, options_of(owner), f"page of {name}, about {owner}")
                count += 1
            prose = re.sub(r"(?s)`[^`\n]+`|```\w+\n.*?```", "", man.text_of(name))
            self.assertNotRegex(prose, r"(?<!\S)--\w", f"page of {name}: an option without backticks")
        self.assertGreater(count, 100)


if __name__ == "__main__":
    unittest.main()
