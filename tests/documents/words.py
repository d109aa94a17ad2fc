#!/usr/bin/env python3
"""Measures the sentences of documents, help texts and comments.

Example:
  tests/documents/words.py README.md data/*.md
  tests/documents/words.py --comments src include --help-texts build/bin

Prints, for each text: its sentences, the words of a mean sentence, the words that a tenth of them
exceed, the commas, semicolons and colons a sentence, and the longest sentence.
"""

import argparse
import pathlib
import re
import statistics
import sys
from dataclasses import dataclass

from documents import man


@dataclass
class Measure:
    name: str
    sentences: list

    @property
    def words(self):
        return sorted(word_count(sentence) for sentence in self.sentences)

    @property
    def mean(self):
        return statistics.mean(self.words)

    @property
    def ninth_decile(self):
        return self.words[int(0.9 * (len(self.sentences) - 1))]

    @property
    def marks(self):
        """Commas, semicolons and colons a sentence; those inside numbers and names do not count."""
        return sum(len(re.findall(r"[,;:](?=\s|$)", s)) for s in self.sentences) / len(self.sentences)

    def __str__(self):
        return (f"{len(self.sentences):5d} {self.mean:5.1f} {self.ninth_decile:4d} "
                f"{self.marks:5.2f} {self.words[-1]:4d}  {self.name}")


HEADER = "sent.  mean  90%  marks  max  text"


def word_count(sentence):
    """Words are what white space separates and holds a letter or a digit."""
    return sum(bool(re.search(r"\w", word)) for word in sentence.split())


def sentences_of(paragraph):
    """Ends: a full stop, question or exclamation mark, or a colon that ends the paragraph."""
    text = re.sub(r"\s+", " ", paragraph).strip()
    # Abbreviations do not end a sentence.
    text = re.sub(r"\b(e\.g|i\.e|et al|vs|cf|Eq|eq|Fig|No|St)\.", r"\1", text)
    parts = re.split(r"(?<=[.!?])[)\"*_”]*\s+(?=[\"“(*_`]*[^a-z\s])", text)
    return [part for part in parts if word_count(part) > 0]


def sentences_in(paragraphs):
    """Those of three words or more."""
    return [s for paragraph in paragraphs for s in sentences_of(plain(paragraph)) if word_count(s) >= 3]


def plain(text):
    """Markdown's inline marks taken off: code is one word, a link its text."""
    text = re.sub(r"`[^`]*`", "CODE", text)
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return text.replace("**", "").replace("*", "")


def markdown_sentences(text):
    """Of paragraphs, list items and the cells of tables; not of headings and code."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^---\n.*?^---\n", "", text, count=1, flags=re.DOTALL) if text.startswith("---\n") else text
    paragraphs, current = [], []

    def end():
        if current:
            paragraphs.append(" ".join(current))
            current.clear()

    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith(("#", "<")) or re.fullmatch(r"[|:\- ]+", stripped):
            end()
        elif line.startswith("    ") and not current:
            continue  # code
        elif stripped.startswith("|"):
            end()
            paragraphs += stripped.strip("|").split("|")
        else:
            if re.match(r"([*+-]|\d+\.)\s", stripped):
                end()
                stripped = re.sub(r"^([*+-]|\d+\.)\s+", "", stripped)
            current.append(stripped)
    end()
    return sentences_in(paragraphs)


def comment_sentences(text):
    """Of whole-line comments of C++; a blank comment line, or code, ends a paragraph."""
    paragraphs, current = [], []
    for line in [*text.splitlines(), ""]:
        match = re.match(r"\s*//[/!]?<?\s?(.*)", line)
        content = match.group(1).strip() if match else ""
        if content and not content.startswith(("clang-format", "NOLINT")):
            current.append(content)
        elif current:
            paragraphs.append(" ".join(current))
            current = []
    return sentences_in(paragraphs)


def help_sentences(text):
    """Of the introduction, and of each option or stage, which has one line; code is not counted."""
    paragraphs, current = [], []
    for line in [*text.splitlines(), ""]:
        option = re.match(r"  \S.*?\s{2,}(\S.*)$", line)
        if option:
            paragraphs.append(option.group(1))
        elif line and not line.startswith(("  ", "Usage:")) and not line.endswith(":"):
            current.append(line)
        else:
            paragraphs.append(" ".join(current))
            current = []
    return sentences_in(paragraphs)


def measures(documents=(), comment_folders=(), programs=None):
    for document in documents:
        yield Measure(str(document), markdown_sentences(pathlib.Path(document).read_text("utf-8")))
    for folder in comment_folders:
        sources = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix in (".cpp", ".hpp"))
        yield Measure(f"comments of {folder}", [
            s for source in sources for s in comment_sentences(source.read_text("utf-8"))])
    if programs:
        paths = sorted(pathlib.Path(programs).glob("relax-spectro*"))
        yield Measure("all help texts", [s for p in paths for s in help_sentences(man.help_of(p.name, p.parent))])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", metavar="FILE.md")
    parser.add_argument("--comments", nargs="+", default=[], metavar="FOLDER",
                        help="also the comments of these folders")
    parser.add_argument("--help-texts", metavar="FOLDER", help="also the help of these programs")
    parser.add_argument("--over", type=int, metavar="N", help="print each sentence of more words")
    arguments = parser.parse_args()
    print(HEADER)
    for measure in measures(arguments.documents, arguments.comments, arguments.help_texts):
        if not measure.sentences:
            continue
        print(measure)
        if arguments.over:
            for sentence in measure.sentences:
                if word_count(sentence) > arguments.over:
                    print(f"      {word_count(sentence)}: {sentence}")


if __name__ == "__main__":
    sys.exit(main())
