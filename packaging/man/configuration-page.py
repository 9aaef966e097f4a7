#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the manual page of a configuration file, from the program's own default configuration, so that it never goes stale.

    PROGRAM --print-default-config | configuration-page.py TEMPLATE >PAGE

The template is the page with a line `@KEYS@` where the keys belong.
"""
from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Key:
    name: str
    value: str
    is_set: bool
    help: str


@dataclass
class Table:
    name: str
    help: str = ""
    keys: list[Key] = field(default_factory=list)


def read(text: str) -> list[Table]:
    """The tables and keys of a default configuration: comments stand below a table's name and above a key."""
    tables: list[Table] = []
    comment: list[str] = []
    for line in text.splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            tables.append(Table(header[1]))
            comment = []
        elif key := re.fullmatch(r"(#?)(\w+) = (.*)", line):
            tables[-1].keys.append(Key(key[2], key[3], not key[1], " ".join(comment)))
            comment = []
        elif line.startswith("# "):
            comment.append(line[2:])
        elif not line:
            if tables and not tables[-1].help and not tables[-1].keys:
                tables[-1].help = " ".join(comment)
            comment = []
        else:
            sys.exit(f"configuration-page: not understood: {line}")
    return tables


def words(text: str) -> str:
    """`text` as a line of input that is no request; option names keep their dashes."""
    text = text.replace("\\", "\\e").replace("--", "\\-\\-")
    return "\\&" + text if text[:1] in ".'" else text


def quoted(text: str) -> str:
    """`text` as one argument of a macro."""
    return '"' + text.replace("\\", "\\e").replace('"', "\\(dq") + '"'


def page(tables: list[Table]) -> list[str]:
    lines: list[str] = []
    for table in tables:
        lines += [f".Ss {quoted(f'[{table.name}]')}", words(table.help), ".Bl -tag -width Ds"]
        for key in table.keys:
            lines += [f".It Ic {key.name} No = Li {quoted(key.value)}" + ("" if key.is_set else " Pq unset; an example")]
            lines += [words(key.help)]
        lines.append(".El")
    return lines


def main() -> int:
    tables = read(sys.stdin.read())
    if not tables or not all(table.keys for table in tables):
        sys.exit("configuration-page: no default configuration came in")
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        print("\n".join(page(tables)) if line == "@KEYS@" else line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
