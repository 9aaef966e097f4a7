# SPDX-License-Identifier: Apache-2.0
"""Nonsense that is nearly right: proper bytes with a few changes in them."""
from __future__ import annotations

import random
import struct
from typing import Sequence

NUMBERS = (0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0000)


def mutated(source: random.Random, proper: bytes, tokens: Sequence[bytes]) -> bytes:
    """`proper` with one to six changes, mostly few: a byte, a cut, a hole, a token, an extreme number, a repetition."""
    draw = source.random
    data = bytearray(proper)
    for _ in range(1 + int(draw() ** 3 * 6)):
        at = int(draw() * (len(data) + 1))
        kind = int(draw() * 6)
        if kind == 0 and data:
            data[at % len(data)] = int(draw() * 256)
        elif kind == 1:
            del data[at:]
        elif kind == 2:
            del data[at:at + 1 + int(draw() * 30)]
        elif kind == 3:
            data[at:at] = tokens[int(draw() * len(tokens))]
        elif kind == 4:
            data[at:at + 4] = struct.pack(">I", NUMBERS[int(draw() * len(NUMBERS))])
        else:
            data[at:at] = data[:int(draw() * 60)]
    return bytes(data)
