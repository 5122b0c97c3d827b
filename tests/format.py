#!/usr/bin/env python3
"""Compare C files with what clang-format makes of them: tests/format.py FILE...

clang-format has no setting that leaves alone what people do well: columns
lined up by hand and the place where a long statement is broken. So both sides
are first brought to one form in which those two do not show. Prints the
differences; exit status 1 when there are any.
"""
import difflib
import re
import subprocess
import sys

# A line that ends like this goes on; "){" opens a compound literal.
OPEN = (",", "=", "(", "||", "&&", "|", "+", "?", '"', "){")
# What it takes for something else: a loop without a step, a cast of a text, a
# product of two constants.
MISTAKEN = (("; \\)", ";)"), (r'\) "', ')"'), (r"([A-Z0-9_]{2}) ?\* ?([A-Z0-9_]{2})", r"\1 * \2"))


def form(text):
    """Statements on one line each, with one blank between words; macros left out."""
    lines = []
    for line in re.sub(r"^#\s*define(?:.*\\\n)*.*", "", text, flags=re.M).split("\n"):
        line = re.sub(r"(?<=\S)[ \t]+", " ", line).rstrip()
        line = re.sub(r"^ (\w+:)$", r"\1", line)
        for pattern, text in MISTAKEN:
            line = re.sub(pattern, text, line)
        if lines and line and (re.match(r"\t* +\S", line) or lines[-1].endswith(OPEN)):
            between = "" if lines[-1].endswith("(") else " "
            lines[-1] += between + line.lstrip()
        else:
            lines.append(line)
    return lines


def main():
    different = False
    for path in sys.argv[1:]:
        with open(path, encoding="ascii") as f:
            text = f.read()
        made = subprocess.run(["clang-format", path], stdout=subprocess.PIPE, check=True, text=True)
        for line in difflib.unified_diff(form(text), form(made.stdout), path, "clang-format", "", "", 1, ""):
            print(line)
            different = True
    sys.exit(different)


main()
