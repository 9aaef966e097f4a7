// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import SwarmModel
import Testing

@Suite(.timeLimit(.minutes(15)))
struct LocalDiscoveryTests {
    private static let start = Instant(nanoseconds: 0)

    private static func torrent(_ number: Int) -> InfoHash {
        InfoHash(Bytes20(high: UInt64(number), middle: 1, low: 2))
    }

    @Test func `a message is written as BEP 14 shows it, and read again`() throws {
        let message = LocalAnnouncement(
            port: 6_881, infoHashes: [Self.torrent(1), Self.torrent(2)], cookie: "abc")
        let text = String(decoding: message.encoded(group: "239.192.152.143:6771"), as: UTF8.self)
        #expect(
            text == "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\n"
                + "Infohash: \(Self.torrent(1))\r\nInfohash: \(Self.torrent(2))\r\ncookie: abc\r\n\r\n\r\n")
        #expect(LocalAnnouncement(decoding: Array(text.utf8)) == message)
        // As others write it.
        let hash = "\(Self.torrent(1))".uppercased()
        let other =
            "BT-SEARCH * HTTP/1.1\r\nHost: [ff15::efc0:988f]:6771\r\nport:7000\r\nINFOHASH: \(hash) \r\n\r\n\r\n"
        #expect(
            LocalAnnouncement(decoding: Array(other.utf8))
                == LocalAnnouncement(port: 7_000, infoHashes: [Self.torrent(1)], cookie: nil))
    }

    @Test(
        arguments: [
            "", "BT-SEARCH * HTTP/1.1", "GET / HTTP/1.1\r\nPort: 1\r\nInfohash: 00\r\n",
            "BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: 0123456789abcdef0123456789abcdef01234567\r\n",
            "BT-SEARCH * HTTP/1.1\r\nPort: 65536\r\nInfohash: 0123456789abcdef0123456789abcdef01234567\r\n",
            "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: 0123\r\n\r\n", "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\n\r\n",
        ])
    func `what is no announcement is not read`(text: String) {
        #expect(LocalAnnouncement(decoding: Array(text.utf8)) == nil)
    }

    @Test func `a message stays one datagram and is read as far as its limit`() throws {
        let many = LocalAnnouncement(port: 65_535, infoHashes: (0..<100).map(Self.torrent), cookie: "12345678")
        let bytes = many.encoded(group: "[ff15::efc0:988f]:6771")
        #expect(bytes.count <= LocalAnnouncement.maximumLength)
        #expect(LocalAnnouncement(decoding: bytes)?.infoHashes.count == LocalAnnouncement.torrentLimit)
        #expect(LocalAnnouncement(decoding: bytes + Array(repeating: 13, count: 1_400)) == nil)
        for count in bytes.indices { _ = LocalAnnouncement(decoding: bytes[..<count]) }
    }

    @Test func `each torrent is called out every five minutes, and never more than a message a second goes out`() {
        var schedule = LocalSchedule(at: Self.start)
        let torrents = (0..<1_000).map(Self.torrent)
        for torrent in torrents { schedule.add(torrent, at: Self.start) }
        schedule.add(torrents[0], at: Self.start)
        var calls: [InfoHash: Int] = [:]
        var messages: [Instant] = []
        var now = Self.start
        while let deadline = schedule.deadline, deadline < Self.start + .seconds(1_500) {
            now = max(now, deadline)
            guard let batch = schedule.next(at: now) else { break }
            #expect(batch.count <= LocalAnnouncement.torrentLimit && !batch.isEmpty)
            messages.append(now)
            for torrent in batch { calls[torrent, default: 0] += 1 }
        }
        #expect(calls.count == 1_000 && calls.values.allSatisfy { $0 == 5 })
        #expect(zip(messages, messages.dropFirst()).allSatisfy { $1 - $0 >= LocalSchedule.messageGap })
    }

    @Test func `a new torrent does not wait for the others, and one that left is called out no more`() throws {
        var schedule = LocalSchedule(at: Self.start)
        for number in 0..<500 { schedule.add(Self.torrent(number), at: Self.start) }
        let begun = schedule.next(at: Self.start + .seconds(1))
        let first = try #require(begun)
        schedule.add(Self.torrent(900), at: Self.start + .seconds(2))
        let newest = schedule.next(at: Self.start + .seconds(3))
        #expect(newest?.first == Self.torrent(900))
        for number in 0..<500 { schedule.remove(Self.torrent(number)) }
        schedule.remove(first[0])
        #expect(schedule.count == 1)
        let early = schedule.next(at: Self.start + .seconds(10))
        #expect(early == nil)
        let late = schedule.next(at: Self.start + .seconds(400))
        #expect(late == [Self.torrent(900)])
        schedule.remove(Self.torrent(900))
        #expect(schedule.deadline == nil)
    }

    @Test func `a network that shouts is heeded a little`() {
        var allowance = MessageAllowance()
        var heeded = 0
        for _ in 0..<1_000 where allowance.take(second: 7) { heeded += 1 }
        #expect(heeded == MessageAllowance.perSecond)
        let isHeeded = allowance.take(second: 8)
        #expect(isHeeded)
    }

    @Test func `what one calls out another hears, and nobody heeds himself`() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let one = LocalDiscovery(cookie: "one", logger: logger)
        let other = LocalDiscovery(cookie: "other", logger: logger)
        let source = try #require(IPAddress("10.0.0.1"))
        await one.start(
            LocalDiscovery.Carrier { infoHashes, cookie in
                let message = LocalAnnouncement(port: 6_881, infoHashes: infoHashes, cookie: cookie)
                Task {
                    await one.hear(message, from: source)
                    await other.hear(message, from: source)
                }
            })
        let ownPeers = LockedBox<[PeerEndpoint]>([])
        await one.add(Self.torrent(1)) { peers in ownPeers.withLock { $0 += peers } }
        let (peers, continuation) = AsyncStream.makeStream(of: PeerEndpoint.self)
        await other.add(Self.torrent(2)) { _ in Issue.record("nobody calls this one out") }
        await other.add(Self.torrent(1)) { for peer in $0 { continuation.yield(peer) } }
        var iterator = peers.makeAsyncIterator()
        #expect(await iterator.next() == PeerEndpoint(address: source, port: 6_881))
        #expect(ownPeers.withLock { $0.isEmpty })
        await one.stop()
        await other.stop()
    }
}
