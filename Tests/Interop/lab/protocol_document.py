# SPDX-License-Identifier: Apache-2.0
"""What packaging/doc/control-protocol.md says of objects, and whether one is as it says."""
from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import Callable, Iterator

DOCUMENT = Path(__file__).resolve().parents[3] / "packaging" / "doc" / "control-protocol.md"
REFERENCE = re.compile(r"\[`?([\w.]+)`?\]\(#\w+\)")


def is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_base64(value: object) -> bool:
    try:
        return isinstance(value, str) and base64.b64decode(value, validate=True) is not None
    except binascii.Error:
        return False


BASES: dict[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": is_number,
    "decimal": lambda value: is_number(value) or isinstance(value, float),
    "base64": is_base64,
    "info-hash": lambda value: isinstance(value, str) and re.fullmatch("[0-9a-f]{40}", value) is not None,
    "object of string": lambda value: isinstance(value, dict) and all(isinstance(v, str) for v in value.values()),
}


class ProtocolDocument:
    """Objects, results of methods and words, each by its name; `seen` are the fields that have been in a checked object."""

    def __init__(self) -> None:
        text = DOCUMENT.read_text(encoding="utf-8")
        self.sections = {heading.strip("`"): body for heading, body
                         in re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", text, re.M | re.S)}
        printed = text.split("\n## What swarmctl prints\n", 1)[1].split("\n### ", 1)[0]
        self.commands: dict[str, list[str]] = {}
        for names, prints in re.findall(r"^\| (`.*?`) \| (.*) \|$", printed, re.M):
            for name in re.findall("`([^`]*)`", names):
                self.commands[name] = REFERENCE.findall(prints)
        self.errors = {int(code): name for code, name in re.findall(r"^\| (-\d+) \| `(\w+)` \| .* \|$", text, re.M)}
        self.seen: set[tuple[str, str]] = set()

    def fields(self, name: str) -> dict[str, str]:
        """The fields of an object, or of a method's result, with their types."""
        body = self.sections[name]
        if "." in name:
            body = body.split("\nResult", 1)[1]
            if found := REFERENCE.search(body.split("\n", 1)[0]):
                return self.fields(found[1])
        inherited = re.search(r"the fields of \[(\w+)\]", body)
        own = dict(re.findall(r"^\| `(\w+)` \| (.*?) \| ", body, re.M))
        return {**self.fields(inherited[1]), **own} if inherited else own

    def check(self, value: object, kind: str, where: str = "it") -> Iterator[str]:
        """What is wrong with a value of a type as a table names it."""
        kind = kind.split(", default ", 1)[0]
        for ending in (" or absent", " or null"):
            if kind.endswith(ending):
                if value is None:
                    return
                kind = kind.removesuffix(ending)
        if kind.startswith("array of "):
            if not isinstance(value, list):
                yield f"{where} is no array: {value!r}"
                return
            for place, item in enumerate(value):
                yield from self.check(item, kind.removeprefix("array of "), f"{where}[{place}]")
        elif found := REFERENCE.fullmatch(kind):
            yield from self.check_named(value, found[1], where)
        elif not BASES[kind](value):
            yield f"{where} is no {kind}: {value!r}"

    def check_error(self, error: dict) -> Iterator[str]:
        """What is wrong with an error: its keys, their types, and whether its name belongs to its code."""
        wrong = list(self.check_named(error, "ControlError", "the error"))
        yield from wrong
        if not wrong and self.errors.get(error["code"]) != error["data"]["name"]:
            yield f"{error['code']} is {self.errors.get(error['code'])} in the document, not {error['data']['name']}"

    def check_named(self, value: object, name: str, where: str) -> Iterator[str]:
        """What is wrong with an object, the result of a method, or one of some words."""
        if "A string:" in self.sections[name]:
            words = re.findall(r"^- `(\w+)`:", self.sections[name], re.M)
            if value not in words:
                yield f"{where} is no {name}: {value!r}"
            return
        if not isinstance(value, dict):
            yield f"{where} is no object: {value!r}"
            return
        fields = self.fields(name)
        if not fields:
            yield f"the document tells no field of {name}"
        for key in value.keys() - fields.keys():
            yield f"{where} has {key}, which {name} of the document lacks"
        for key, kind in fields.items():
            if key in value:
                self.seen.add((name, key))
                yield from self.check(value[key], kind, f"{where}.{key}")
            elif not kind.endswith(" or absent"):
                yield f"{where} lacks {key}, which {name} of the document has"
