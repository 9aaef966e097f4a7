# SPDX-License-Identifier: Apache-2.0
"""A terminal with somebody at it: a program on a pseudo-terminal, what it shows there, and keys."""
from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unicodedata
from typing import Callable, Sequence

from .process import PATIENCE

SEQUENCE = re.compile(r"\x1b(?:\[([0-9;?]*)([@-~])|[()].|[@-Z\\-_])")
KEYS = {"enter": "\r", "escape": "\x1b", "up": "\x1b[A", "down": "\x1b[B"}


def columns_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Screen:
    """What a terminal shows after some output: as much of ECMA-48 as swarmctl uses. What is not known is in `unknown`."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.cells = self._blank()
        self.row = self.column = 0
        self.is_other = False
        self.has_cursor = True
        self.unknown: list[str] = []
        self._held = ""

    def _blank(self) -> list[list[str]]:
        return [[" "] * self.columns for _ in range(self.rows)]

    @property
    def lines(self) -> list[str]:
        return ["".join(row).rstrip() for row in self.cells]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).rstrip("\n") + "\n"

    def receive(self, text: str) -> None:
        text = self._held + text
        self._held = ""
        place = 0
        while place < len(text):
            if text[place] != "\x1b":
                self._put(text[place])
                place += 1
            elif found := SEQUENCE.match(text, place):
                self._obey(found)
                place = found.end()
            elif len(text) - place > 40:
                self.unknown.append(text[place:place + 10])
                place += 1
            else:
                self._held = text[place:]
                return

    def _put(self, character: str) -> None:
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self._feed()
        elif character >= " ":
            if self.column >= self.columns:
                self.column = 0
                self._feed()
            self.cells[self.row][self.column] = character
            self.column += columns_of(character)

    def _feed(self) -> None:
        if self.row == self.rows - 1:
            self.cells = [*self.cells[1:], [" "] * self.columns]
        else:
            self.row += 1

    def _obey(self, found: re.Match) -> None:
        numbers, final = found[1], found[2]
        if final == "m":
            return
        if final == "H" and not numbers:
            self.row = self.column = 0
        elif final == "K" and not numbers:
            self.cells[self.row][self.column:] = [" "] * max(0, self.columns - self.column)
        elif final == "J" and numbers in ("", "2"):
            first = 0 if numbers else self.row + 1
            if not numbers:
                self.cells[self.row][self.column:] = [" "] * max(0, self.columns - self.column)
            for row in range(first, self.rows):
                self.cells[row] = [" "] * self.columns
        elif numbers == "?1049" and final in "hl":
            self.is_other = final == "h"
        elif numbers == "?25" and final in "hl":
            self.has_cursor = final == "h"
        else:
            self.unknown.append(found[0])


class Terminal:
    """A program in a session of its own whose terminal has `columns` × `rows`. Use as a context."""

    def __init__(self, command: Sequence[str], columns: int, rows: int = 24, **options) -> None:
        self.master, slave = pty.openpty()
        self.screen = Screen(columns, rows)
        self.output = ""
        self._size(columns, rows)
        self.before = termios.tcgetattr(self.master)
        environment = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "TZ": "UTC", "LANG": "C.UTF-8",
                       **options.pop("environment", {})}
        self.child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                      env=environment, close_fds=True, **options)
        os.close(slave)
        self._bytes = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_) -> None:
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        os.close(self.master)

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        self.screen.__init__(columns, rows)
        self.screen.is_other, self.screen.has_cursor = True, False
        self._size(columns, rows)
        # The terminal's foreground group would be told by the kernel were this its controlling terminal.
        self.child.send_signal(28)

    def type(self, *keys: str) -> None:
        """Types text, or keys by their names in KEYS."""
        os.write(self.master, "".join(KEYS.get(key, key) for key in keys).encode())

    def _read(self, seconds: float) -> bool:
        """Takes in what comes; False at the end of the program."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            chunk = os.read(self.master, 65_536)
        except OSError:
            return False
        self._bytes += chunk
        try:
            text, self._bytes = self._bytes.decode(), b""
        except UnicodeDecodeError as cut:
            text, self._bytes = self._bytes[:cut.start].decode(), self._bytes[cut.start:]
        self.output += text
        self.screen.receive(text)
        return bool(chunk)

    def wait(self, condition: Callable[[Screen], bool], what: str, seconds: float = PATIENCE) -> str:
        """Reads until the screen is as wanted, and gives its text."""
        end = time.monotonic() + seconds
        while not condition(self.screen):
            if time.monotonic() > end or not self._read(0.2):
                raise AssertionError(f"not within {seconds:.0f} s: {what}; the terminal shows\n{self.screen.text}")
        return self.screen.text

    def end(self, seconds: float = PATIENCE) -> int:
        """Reads to the end of the program, and gives its exit status."""
        end = time.monotonic() + seconds
        while self._read(0.2):
            if time.monotonic() > end:
                raise AssertionError(f"it does not end within {seconds:.0f} s; the terminal shows\n{self.screen.text}")
            if self.child.poll() is not None and not select.select([self.master], [], [], 0)[0]:
                break
        return self.child.wait(seconds)

    @property
    def is_given_back(self) -> bool:
        """Whether the terminal is as it was: its own screen, a cursor, keys that are shown."""
        return (not self.screen.is_other and self.screen.has_cursor and not self.screen.unknown
                and termios.tcgetattr(self.master) == self.before)


def printed(output: str) -> list[str]:
    """Lines that a program has printed, as they stand in the end: bars that were drawn over are gone."""
    lines = SEQUENCE.sub("", output.replace("\r\n", "\n")).split("\n")
    return [line.rsplit("\r", 1)[-1].rstrip() for line in lines]
