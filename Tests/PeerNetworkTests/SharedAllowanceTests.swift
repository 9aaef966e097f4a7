// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@testable import PeerNetwork

/// Caps under a clock that the test holds.
@Suite struct SharedAllowanceTests {
    private final class Torrent {}
    private static let block = 16_384

    /// What torrents that always want more move, each asking again when it was told to: the bytes of each, and the most
    /// that moved in any quarter of a second.
    private static func run(
        _ count: Int, sharedRate: Int, ownRate: Int = 0, seconds: Int
    ) -> (moved: [Int], burst: Int) {
        let shared = SharedAllowance()
        var now = Instant(nanoseconds: 1_000)
        shared.change(bytesPerSecond: sharedRate, at: now)
        let torrents = (0..<count).map { _ in Torrent() }
        var paces = torrents.map { _ in TorrentPace(shared: shared) }
        for index in paces.indices { paces[index].change(bytesPerSecond: ownRate, at: now) }
        var due = torrents.map { _ in now }
        var moved = torrents.map { _ in 0 }
        var log: [(at: Instant, bytes: Int)] = []
        let end = now + .seconds(Int64(seconds))
        while let next = due.indices.min(by: { due[$0] < due[$1] }), due[next] < end {
            now = max(now, due[next])
            let id = ObjectIdentifier(torrents[next])
            switch paces[next].take(TorrentPace.turn * Self.block, least: Self.block, for: id, at: now) {
            case .granted(let bytes):
                let used = bytes / Self.block * Self.block
                paces[next].giveBack(bytes - used)
                moved[next] += used
                log.append((now, used))
            case .wait(let time): due[next] = now + time
            }
        }
        var burst = 0
        var first = 0
        var within = 0
        for entry in log {
            within += entry.bytes
            while log[first].at + .milliseconds(250) < entry.at {
                within -= log[first].bytes
                first += 1
            }
            burst = max(burst, within)
        }
        return (moved, burst)
    }

    @Test(arguments: [64 << 10, 1 << 20, 100 << 20], [1, 7])
    func `a cap is held within three in a hundred, without bursts`(rate: Int, torrents: Int) {
        let (moved, burst) = Self.run(torrents, sharedRate: rate, seconds: 10)
        let sum = moved.reduce(0, +)
        #expect(abs(sum - 10 * rate) * 100 <= 3 * 10 * rate, "\(sum) bytes")
        // A quarter of a second's worth, and as much as may have been saved up.
        #expect(burst <= rate / 4 + rate / 10 + 2 * Self.block, "\(burst) bytes")
    }

    @Test(arguments: [64 << 10, 1 << 20, 100 << 20]) func `a torrent's own cap holds under a wider one`(rate: Int) {
        let (moved, _) = Self.run(3, sharedRate: 1 << 40, ownRate: rate, seconds: 10)
        for bytes in moved { #expect(abs(bytes - 10 * rate) * 100 <= 3 * 10 * rate, "\(bytes) bytes") }
    }

    @Test func `torrents share alike`() {
        let (moved, _) = Self.run(10, sharedRate: 4 << 20, seconds: 10)
        let fair = 4 << 20
        for bytes in moved { #expect(abs(bytes - fair) * 10 <= fair, "\(moved)") }
    }

    @Test func `who leaves holds up nobody, and without a cap all is granted`() {
        let shared = SharedAllowance()
        let now = Instant(nanoseconds: 0)
        let (first, second) = (Torrent(), Torrent())
        #expect(shared.take(1 << 30, least: 1, for: ObjectIdentifier(first), at: now) == .granted(1 << 30))
        shared.change(bytesPerSecond: 1 << 20, at: now)
        guard case .wait = shared.take(Self.block, least: Self.block, for: ObjectIdentifier(first), at: now) else {
            Issue.record("nothing was there to be granted")
            return
        }
        // Enough for one block, not for two.
        let later = now + .milliseconds(20)
        guard case .wait = shared.take(Self.block, least: Self.block, for: ObjectIdentifier(second), at: later) else {
            Issue.record("it was the first one's turn")
            return
        }
        shared.leave(ObjectIdentifier(first))
        #expect(
            shared.take(Self.block, least: Self.block, for: ObjectIdentifier(second), at: later)
                == .granted(Self.block))
        shared.change(bytesPerSecond: 0, at: later)
        #expect(shared.take(1 << 30, least: 1, for: ObjectIdentifier(first), at: later) == .granted(1 << 30))
    }
}
