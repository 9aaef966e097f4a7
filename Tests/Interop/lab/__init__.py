# SPDX-License-Identifier: Apache-2.0
"""Hosts, links, payloads and clients for tests that need a network of real programs."""
