// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// About how many registrations an address has, in a whole table and in one torrent: a counter for all that hash alike, so
/// that it costs the same for ten peers and for ten million. A network of IPv6 is one address here: whoever has one of
/// them has all. A copy is another name for the same memory, which is the owner's to free.
struct AddressCensus: BitwiseCopyable {
    /// Counters of each kind.
    private static let size = 1 << 13

    private let seed: UInt64
    private let inAll: UnsafeMutablePointer<UInt32>
    private let inTorrents: UnsafeMutablePointer<UInt32>

    /// Nobody.
    init(seed: UInt64) {
        self.seed = seed
        self.inAll = .allocate(capacity: 2 * Self.size)
        self.inAll.initialize(repeating: 0, count: 2 * Self.size)
        self.inTorrents = self.inAll + Self.size
    }

    func free() { self.inAll.deallocate() }

    /// Somebody registered in a torrent.
    func add(_ address: some PeerAddress, torrent: UInt32) {
        self.inAll[self.index(address, 0)] &+= 1
        self.inTorrents[self.index(address, torrent)] &+= 1
    }

    /// Somebody left a torrent.
    func remove(_ address: some PeerAddress, torrent: UInt32) {
        self.inAll[self.index(address, 0)] &-= 1
        self.inTorrents[self.index(address, torrent)] &-= 1
    }

    /// Registrations of an address in all torrents, and of strangers that hash alike.
    func load(of address: some PeerAddress) -> Int { Int(self.inAll[self.index(address, 0)]) }

    /// Registrations of an address in one torrent, and of strangers that hash alike.
    func load(of address: some PeerAddress, torrent: UInt32) -> Int {
        Int(self.inTorrents[self.index(address, torrent)])
    }

    /// How many strangers to allow for among `count` registrations: twice as many as hash alike in the mean.
    static func strangers(among count: Int) -> Int { 2 * count / Self.size }

    private func index(_ address: some PeerAddress, _ torrent: UInt32) -> Int {
        Int(PeerHash.mix(self.seed ^ address.network ^ UInt64(torrent) << 32)) & (Self.size - 1)
    }
}
