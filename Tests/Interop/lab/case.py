# SPDX-License-Identifier: Apache-2.0
"""What test cases share."""
from __future__ import annotations

import unittest
from functools import cache

from . import settings
from .lab import Lab
from .network import why_unavailable

_why_unavailable = cache(why_unavailable)


class NetworkCase(unittest.TestCase):
    """A case that needs namespaces; `self.lab(...)` makes its network, which goes when the test ends."""

    maxDiff = None

    def setUp(self) -> None:
        if reason := _why_unavailable():
            self.skipTest(reason)

    def need(self, *clients: str) -> None:
        for client in clients:
            if reason := settings.missing(client):
                self.skipTest(reason)

    def lab(self, hosts: int, tracker: bool = True) -> Lab:
        lab = Lab(hosts, tracker)
        self.addCleanup(lab.close)
        return lab
