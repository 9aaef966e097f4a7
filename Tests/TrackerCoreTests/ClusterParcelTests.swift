// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TestSeeds
import Testing
import TrackerCore
import TrackerWire

@Suite struct ClusterParcelTests {
    private static var parcel: ClusterParcel {
        var request = AnnounceRequest(
            infoHash: Swarm.hash(3), peerID: Swarm.peerID(4), port: 5, left: 0, event: .completed)
        request.key = 77
        request.endpointV6 = PeerEndpoint(address: Swarm.v6(8), port: 9)
        var full = Announcement(request, from: Swarm.v4(6), believesAddresses: true)
        full.wanted = 0
        var plain = Announcement(
            AnnounceRequest(infoHash: Swarm.hash(4), peerID: Swarm.peerID(5), port: 6, left: 1),
            from: Swarm.v6(7))
        plain.wanted = 0
        var counts = SwarmCounts()
        counts.complete = 70_000
        counts.incomplete = 3
        counts.downloaded = 9
        let peers = [
            KnownPeer(endpoint: PeerEndpoint(address: Swarm.v4(1), port: 2), isSeed: true, lifetime: 90),
            KnownPeer(endpoint: PeerEndpoint(address: Swarm.v6(1), port: 3), isSeed: false, lifetime: .max),
        ]
        return ClusterParcel(
            sender: "node-a",
            items: [.announced(full), .asked(Swarm.hash(9)), .known(Swarm.hash(2), counts, peers), .announced(plain)])
    }

    @Test func `what is written is what is read`() {
        #expect(ClusterParcel(Self.parcel.encoded) == Self.parcel)
        #expect(ClusterParcel(ClusterParcel(sender: "a").encoded) == ClusterParcel(sender: "a"))
    }

    @Test func `bytes that break off are no parcel unless they break off between items`() {
        let bytes = Self.parcel.encoded
        let whole = Self.parcel
        for count in 0..<bytes.count {
            guard let read = ClusterParcel(Array(bytes.prefix(count))) else { continue }
            #expect(read.items == Array(whole.items.prefix(read.items.count)))
            #expect(read.encoded.count == count)
        }
    }

    @Test func `any bytes are read without harm`() {
        var random = SplitMix64(seed: TestSeed.one())
        let bytes = Self.parcel.encoded
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0...random.next(below: 4) {
                changed[Int(random.next(below: UInt64(changed.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            if let read = ClusterParcel(changed) { #expect(read.items.count < bytes.count) }
        }
    }

    @Test func `another version is not read`() {
        var bytes = Self.parcel.encoded
        bytes[0] = 2
        #expect(ClusterParcel(bytes) == nil)
    }
}
