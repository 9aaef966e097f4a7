// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerWire

@Suite struct CrowdingTests {
    private static func swarm(inTorrent: Int = 0, inAll: Int = 0) -> Swarm {
        var policy = TrackerPolicy()
        policy.torrentPeersPerAddress = inTorrent
        policy.peersPerAddress = inAll
        return Swarm(policy: policy)
    }

    @Test func `an address may have so many peers in a torrent, and those that are there stay`() throws {
        let address = Swarm.v4(1)
        var swarm = Self.swarm(inTorrent: 3)
        for port in 1...3 { try swarm.announce(1, address: address, port: UInt16(port)) }
        #expect(throws: AnnounceRejection.crowdedTorrent) { try swarm.announce(1, address: address, port: 4) }
        try swarm.announce(1, address: address, port: 2)
        try swarm.announce(1, torrent: 2, address: address, port: 4)
        try swarm.announce(1, address: address, event: .stopped, port: 2)
        #expect(try swarm.announce(1, address: address, port: 4).counts.incomplete == 3)
        #expect(throws: AnnounceRejection.crowdedTorrent) { try swarm.announce(1, address: address, port: 2) }
        #expect(try swarm.announce(2).counts.incomplete == 4, "others are welcome")
    }

    @Test func `a network of IPv6 may have a hundred times as many`() throws {
        var swarm = Self.swarm(inTorrent: 3)
        for number in 1...300 { try swarm.announce(number, address: Swarm.v6(number)) }
        #expect(throws: AnnounceRejection.crowdedTorrent) { try swarm.announce(400, address: Swarm.v6(400)) }
        try swarm.announce(4, address: IPAddress("2001:db8:1::4"))
    }

    @Test func `an address may have so many peers in all torrents`() throws {
        var swarm = Self.swarm(inAll: 5)
        for torrent in 1...5 { try swarm.announce(1, torrent: torrent) }
        #expect(throws: AnnounceRejection.crowdedAddress) { try swarm.announce(1, torrent: 6) }
        #expect(swarm.table.torrentCount == 5, "what was refused leaves no torrent behind")
        try swarm.announce(2, torrent: 6)
        try swarm.announce(1, torrent: 3, event: .stopped)
        try swarm.announce(1, torrent: 6)
    }

    @Test func `who is forgotten makes room`() throws {
        var swarm = Self.swarm(inTorrent: 2, inAll: 2)
        for port in 1...2 { try swarm.announce(1, port: UInt16(port)) }
        #expect(throws: AnnounceRejection.crowdedAddress) { try swarm.announce(1, port: 3) }
        swarm.pass(.seconds(100_000))
        swarm.expireAll()
        for port in 3...4 { try swarm.announce(1, port: UInt16(port)) }
        #expect(throws: AnnounceRejection.crowdedAddress) { try swarm.announce(1, port: 5) }
    }

    @Test func `strangers are never turned away for hashing alike in a torrent that can be counted`() throws {
        var swarm = Self.swarm(inTorrent: 1)
        for number in 0..<4000 { try swarm.announce(number, wanted: 0) }
        #expect(throws: AnnounceRejection.crowdedTorrent) { try swarm.announce(7, port: 9) }
    }

    @Test func `the limit holds about in a torrent that is too large to count, and strangers have room`() throws {
        var swarm = Self.swarm(inTorrent: 100)
        for number in 0..<20_000 { try swarm.announce(number, wanted: 0) }
        var taken = 0
        for port in 1...300 where (try? swarm.announce(7, wanted: 0, port: UInt16(port))) != nil { taken += 1 }
        #expect((80...120).contains(taken), "\(taken)")
    }

    @Test func `this machine may have any number`() throws {
        var swarm = Self.swarm(inTorrent: 1, inAll: 1)
        for port in 1...20 { try swarm.announce(1, address: IPAddress("127.0.0.1"), port: UInt16(port)) }
        for port in 1...20 { try swarm.announce(1, address: IPAddress("::1"), port: UInt16(port)) }
    }
}
