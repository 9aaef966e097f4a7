#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the manual page of the control protocol: the template with the methods and errors of the full description.

    control-page.py TEMPLATE control-protocol.md >PAGE
"""
from __future__ import annotations

import re
import sys
from pathlib import Path


def words(text: str) -> str:
    """Markdown as words of a manual page: no links, no code marks."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "").replace("\\", "\\e")
    return "\\&" + text if text[:1] in ".'" else text


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def methods(text: str) -> list[str]:
    lines: list[str] = []
    for part in section(text, "Methods").split("\n### ")[1:]:
        name, _, body = part.partition("\n")
        first = body.strip().split("\n\n", 1)[0]
        changes = " Changes things." if first.endswith("Changes things.") else ""
        sentence = first.split(". ", 1)[0].rstrip(".") + "."
        lines += [f".It Li {name.strip('`')}", words(sentence + changes)]
    return lines


def errors(text: str) -> list[str]:
    rows = re.findall(r"^\| (-\d+) \| `(\w+)` \| (.*) \|$", section(text, "Errors"), re.M)
    return [line for code, name, meaning in rows for line in (f".It Li {name} Pq {code}", words(meaning))]


def main() -> int:
    text = Path(sys.argv[2]).read_text(encoding="utf-8")
    parts = {"@METHODS@": methods(text), "@ERRORS@": errors(text)}
    if not all(parts.values()):
        sys.exit("control-page: the description of the protocol has another form than this program reads")
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        print("\n".join(parts.get(line, [line])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
