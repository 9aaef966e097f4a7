// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerWire

@Suite struct DualStackTests {
    @Test func `a peer that announces over both families is one peer with two addresses`() throws {
        var swarm = Swarm()
        try swarm.announce(1, key: 5)
        let counts = try swarm.announce(1, address: Swarm.v6(1), key: 5).counts
        #expect(counts.incomplete == 1 && swarm.table.leechers == 1 && swarm.table.addresses == 2)
        #expect(swarm.peers.isEmpty, "it is not given its own other address")
        try swarm.announce(2)
        #expect(Set(swarm.peers.map(\.address)) == [Swarm.v4(1), Swarm.v6(1)])
        try swarm.announce(3, address: Swarm.v6(3))
        #expect(Set(swarm.peers.map(\.address)) == [Swarm.v4(1), Swarm.v6(1), Swarm.v4(2)])
        #expect(swarm.selection.packedV4.count == 12 && swarm.selection.packedV6.count == 18)
    }

    @Test func `another key is another peer`() throws {
        var swarm = Swarm()
        try swarm.announce(1, key: 5)
        #expect(try swarm.announce(1, address: Swarm.v6(1), key: 6).counts.incomplete == 2)
    }

    @Test func `a download over both families counts once`() throws {
        var swarm = Swarm()
        try swarm.announce(1)
        try swarm.announce(1, address: Swarm.v6(1))
        try swarm.announce(1, left: 0, event: .completed)
        let counts = try swarm.announce(1, address: Swarm.v6(1), left: 0, event: .completed).counts
        #expect((counts.complete, counts.incomplete, counts.downloaded) == (1, 0, 1))
    }

    @Test func `when one address leaves the other stays and counts`() throws {
        for leavesOverV6 in [true, false] {
            var swarm = Swarm()
            try swarm.announce(1)
            try swarm.announce(1, address: Swarm.v6(1))
            let address = leavesOverV6 ? Swarm.v6(1) : Swarm.v4(1)
            #expect(try swarm.announce(1, address: address, event: .stopped).counts.incomplete == 1)
            #expect(swarm.table.leechers == 1 && swarm.table.addresses == 1)
        }
    }

    @Test func `an asker gets mostly its own family and some of the other`() throws {
        var swarm = Swarm()
        for number in 0..<300 {
            try swarm.announce(number)
            try swarm.announce(1000 + number, address: Swarm.v6(number))
        }
        try swarm.announce(5000, wanted: 40)
        #expect(swarm.selection.packedV4.count / 6 == 30 && swarm.selection.packedV6.count / 18 == 10)
        try swarm.announce(5001, address: Swarm.v6(5001), wanted: 40)
        #expect(swarm.selection.packedV4.count / 6 == 10 && swarm.selection.packedV6.count / 18 == 30)
    }

    @Test func `where one family is thin the other fills up`() throws {
        var swarm = Swarm()
        for number in 0..<300 { try swarm.announce(number, address: Swarm.v6(number)) }
        try swarm.announce(5000, wanted: 40)
        #expect(swarm.peers.count == 40)
        try swarm.announce(1, address: Swarm.v6(1), wanted: 40)
        #expect(swarm.peers.count == 40 && swarm.peers.contains { $0.address == Swarm.v4(5000) })
    }

    @Test func `only a believed asker names other addresses for itself`() throws {
        var request = AnnounceRequest(infoHash: Swarm.hash(0), peerID: Swarm.peerID(1), port: 7, left: 1)
        request.address = IPAddress("192.0.2.1")
        request.endpointV6 = PeerEndpoint("[2001:db8::9]:8")
        let plain = Announcement(request, from: Swarm.v4(1))
        #expect(plain.endpoint == PeerEndpoint(address: Swarm.v4(1), port: 7) && plain.otherEndpoint == nil)
        let believed = Announcement(request, from: Swarm.v4(1), believesAddresses: true)
        #expect(believed.endpoint == PeerEndpoint("192.0.2.1:7")!)
        #expect(believed.otherEndpoint == PeerEndpoint("[2001:db8::9]:8")!)
        var swarm = Swarm()
        let counts = try swarm.table.announce(
            believed, at: swarm.now, random: &swarm.random, into: &swarm.selection
        ).counts
        #expect(counts.incomplete == 1 && swarm.table.addresses == 2 && swarm.peers.isEmpty)
    }
}
