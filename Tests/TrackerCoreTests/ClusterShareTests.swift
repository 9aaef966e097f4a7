// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerWire

@Suite struct ClusterShareTests {
    private static let map = ClusterMap(
        own: ClusterNode(name: "a", authority: "a:1"), others: [ClusterNode(name: "b", authority: "b:1")])
    private static let foreign = (0...).lazy.map(Swarm.hash).first { !Self.map.isOwner(of: $0) }!
    private static let own = (0...).lazy.map(Swarm.hash).first { Self.map.isOwner(of: $0) }!

    private static func announcement(_ hash: InfoHash, event: AnnounceEvent = .none) -> Announcement {
        Announcement(
            AnnounceRequest(infoHash: hash, peerID: Swarm.peerID(1), port: 1, left: 1, event: event),
            from: Swarm.v4(1))
    }

    private static func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 1_000_000_000 * (1000 + seconds)) }

    private static func items(_ share: inout ClusterShare, _ seconds: Int64) -> [ClusterItem] {
        var items: [ClusterItem] = []
        share.collect(at: Self.at(seconds)) { owner, item in
            #expect(owner == 1)
            items.append(item)
        }
        return items
    }

    @Test func `announces to one's own torrents stay here`() {
        var share = ClusterShare(map: Self.map)
        let noted8 = share.note(Self.announcement(Self.own), at: Self.at(0))
        #expect(noted8 == nil)
        #expect(share.isIdle)
    }

    @Test func `an announce to another's torrent is told once, and asks who else takes part`() {
        var share = ClusterShare(map: Self.map)
        let noted = share.note(Self.announcement(Self.foreign), at: Self.at(0))
        #expect(noted?.isNew == true)
        let items7 = Self.items(&share, 0)
        #expect(items7 == [.announced(Self.announcement(Self.foreign)), .asked(Self.foreign)])
        let items1 = Self.items(&share, 1)
        #expect(items1.isEmpty)
    }

    @Test func `a torrent is asked about again as long as clients come`() {
        var share = ClusterShare(map: Self.map)
        _ = share.note(Self.announcement(Self.foreign), at: Self.at(0))
        _ = Self.items(&share, 0)
        let items2 = Self.items(&share, 29)
        #expect(items2.isEmpty)
        let items3 = Self.items(&share, 30)
        #expect(items3 == [.asked(Self.foreign)])
        let items4 = Self.items(&share, 4000)
        #expect(items4.isEmpty)
        #expect(share.isIdle)
    }

    @Test func `what the owner counts is known until then only by who asked`() {
        var share = ClusterShare(map: Self.map)
        var counts = SwarmCounts()
        counts.complete = 5
        let isTaken1 = share.learn(counts, of: Self.foreign)
        #expect(!isTaken1)
        _ = share.note(Self.announcement(Self.foreign), at: Self.at(0))
        let isTaken0 = share.learn(counts, of: Self.foreign)
        #expect(isTaken0)
        let noted9 = share.note(Self.announcement(Self.foreign), at: Self.at(1))
        #expect(noted9?.counts == counts)
        #expect(share.counts(of: Self.foreign) == counts)
    }

    @Test func `who stops is told of and not asked about`() {
        var share = ClusterShare(map: Self.map)
        _ = share.note(Self.announcement(Self.foreign, event: .stopped), at: Self.at(0))
        let items5 = Self.items(&share, 0)
        #expect(items5 == [.announced(Self.announcement(Self.foreign, event: .stopped))])
    }

    @Test func `what finds no room is counted and left out`() {
        var share = ClusterShare(map: Self.map)
        for _ in 0..<ClusterShare.mostAnnounces + 10 {
            _ = share.note(Self.announcement(Self.foreign), at: Self.at(0))
        }
        #expect(share.lost == 10)
        let items6 = Self.items(&share, 0)
        #expect(items6.count == ClusterShare.mostAnnounces + 1)
    }

    @Test func `many torrents are asked about in turn, each as often as any other`() {
        var share = ClusterShare(map: Self.map)
        let hashes = (0..<2000).map(Swarm.hash).filter { !Self.map.isOwner(of: $0) }
        for hash in hashes { _ = share.note(Self.announcement(hash), at: Self.at(0)) }
        var asked: [InfoHash: Int] = [:]
        for second in Int64(0)..<90 {
            for _ in 0..<ClusterShare.looksPerSecond {
                for case .asked(let hash) in Self.items(&share, second) { asked[hash, default: 0] += 1 }
            }
        }
        #expect(Set(asked.keys) == Set(hashes))
        #expect(asked.values.allSatisfy { (2...3).contains($0) }, "\(Set(asked.values))")
    }
}
