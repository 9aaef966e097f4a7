// SPDX-License-Identifier: Apache-2.0

/// How many have a torrent, as filters that those of several nodes can be added up by (BEP 33).
package struct AnnouncedCounts: Hashable, Sendable {
    /// Those that have everything.
    package var seeds: AddressBloomFilter
    /// The others.
    package var peers: AddressBloomFilter

    /// A pair of filters.
    package init(seeds: AddressBloomFilter = AddressBloomFilter(), peers: AddressBloomFilter = AddressBloomFilter()) {
        self.seeds = seeds
        self.peers = peers
    }
}
