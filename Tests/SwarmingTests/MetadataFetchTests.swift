// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import TestSeeds
import Testing

@Suite struct MetadataFetchTests {
    /// A fetch that can be asked inside an expectation.
    final class Subject {
        var fetch = MetadataFetch()

        func offered(_ size: Int, by slot: PeerSlot, at now: Instant) -> Bool {
            self.fetch.offered(size, by: slot, at: now)
        }

        func received(
            _ piece: Int, totalSize: Int?, _ bytes: some Collection<UInt8>, from slot: PeerSlot, at now: Instant
        ) -> MetadataFetch.Outcome {
            self.fetch.received(piece, totalSize: totalSize, bytes, from: slot, at: now)
        }

        func requests(at now: Instant) -> [(slot: PeerSlot, piece: Int)] {
            var requests: [(slot: PeerSlot, piece: Int)] = []
            self.fetch.nextRequests(at: now, into: &requests)
            return requests
        }
    }

    /// Peers that answer at once, each with its own idea of the metadata.
    struct Crowd {
        var fetch = MetadataFetch()
        var now = Instant(nanoseconds: 1)
        var copies: [PeerSlot: [UInt8]] = [:]
        var asked: [PeerSlot: Int] = [:]
        var liars: [PeerSlot] = []

        mutating func join(_ slot: PeerSlot, _ copy: [UInt8]) {
            self.copies[slot] = copy
            let isPossible = self.fetch.offered(copy.count, by: slot, at: self.now)
            #expect(isPossible)
        }

        /// Answers rounds of requests until the metadata are `truth`; nil when nothing is asked any more.
        mutating func run(until truth: [UInt8]) -> [UInt8]? {
            for _ in 0..<10_000 {
                var requests: [(slot: PeerSlot, piece: Int)] = []
                self.fetch.nextRequests(at: self.now, into: &requests)
                if requests.isEmpty { return nil }
                for request in requests {
                    self.asked[request.slot, default: 0] += 1
                    guard let whole = self.answer(request) else { continue }
                    let isRight = whole == truth
                    for liar in self.fetch.judge(isRight: isRight) {
                        self.liars.append(liar)
                        self.fetch.left(liar)
                        self.copies[liar] = nil
                    }
                    if isRight { return whole }
                }
            }
            return nil
        }

        private mutating func answer(_ request: (slot: PeerSlot, piece: Int)) -> [UInt8]? {
            guard let copy = self.copies[request.slot] else { return nil }
            let start = request.piece * 16_384
            let part = copy[start..<min(copy.count, start + 16_384)]
            let outcome = self.fetch.received(
                request.piece, totalSize: copy.count, part, from: request.slot, at: self.now)
            #expect(outcome != .wrong)
            if case .whole(let bytes) = outcome { return bytes }
            return nil
        }
    }

    static func metadata(_ count: Int, seed: UInt64 = 5) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    @Test(arguments: [1, 16_383, 16_384, 16_385, 300_000])
    func `metadata of any size come whole, and from several peers at once`(size: Int) {
        let truth = Self.metadata(size)
        var crowd = Crowd()
        for slot in 0..<4 { crowd.join(slot, truth) }
        #expect(crowd.run(until: truth) == truth)
        #expect(crowd.liars.isEmpty)
        if size > 200_000 { #expect(crowd.asked.count == 4) }
    }

    @Test func `a liar among honest peers is found and dropped, and no honest one is`() {
        let truth = Self.metadata(300_000)
        var lie = truth
        lie[20_000] ^= 1
        for place in 0..<5 {
            var crowd = Crowd()
            for slot in 0..<5 { crowd.join(slot, slot == place ? lie : truth) }
            #expect(crowd.run(until: truth) == truth)
            #expect(crowd.liars.allSatisfy { $0 == place })
        }
    }

    @Test func `a liar that sent the wrong piece first is known when the truth is here`() {
        let truth = Self.metadata(40_000)
        var lie = truth
        lie[0] ^= 1
        var crowd = Crowd()
        crowd.join(0, lie)
        crowd.join(1, truth)
        #expect(crowd.run(until: truth) == truth)
        #expect(crowd.liars == [0])
    }

    @Test func `liars in the majority, about the size too, only delay it`() {
        let truth = Self.metadata(100_000)
        var crowd = Crowd()
        for slot in 0..<6 { crowd.join(slot, Self.metadata(60_000, seed: 9)) }
        crowd.join(6, truth)
        #expect(crowd.run(until: truth) == truth)
        #expect(!crowd.liars.contains(6) && Set(crowd.liars).isSubset(of: 0..<6))
    }

    @Test func `sizes that cannot be are refused`() {
        let fetch = Subject()
        for size in [0, -1, MetadataFetch.greatestSize + 1, Int.max] {
            #expect(!fetch.offered(size, by: 0, at: Instant(nanoseconds: 0)))
        }
        #expect(fetch.fetch.sourceCount == 0)
    }

    @Test func `pieces that are not what was told are wrong, and those nobody asked for are dropped`() {
        let fetch = Subject()
        let now = Instant(nanoseconds: 0)
        #expect(fetch.offered(20_000, by: 0, at: now))
        let whole = [UInt8](repeating: 1, count: 16_384)
        #expect(fetch.received(0, totalSize: 20_000, whole, from: 0, at: now) == .accepted)
        #expect(fetch.fetch.progress.done == 0)
        #expect(fetch.requests(at: now).map(\.piece) == [0, 1])
        #expect(fetch.received(0, totalSize: 20_001, whole, from: 0, at: now) == .wrong)
        #expect(fetch.received(0, totalSize: 20_000, whole.dropLast(), from: 0, at: now) == .wrong)
        #expect(fetch.received(1, totalSize: 20_000, whole, from: 0, at: now) == .wrong)
        #expect(fetch.received(2, totalSize: 20_000, whole, from: 0, at: now) == .wrong)
        #expect(fetch.received(-1, totalSize: 20_000, whole, from: 0, at: now) == .wrong)
        #expect(fetch.received(0, totalSize: 20_000, whole, from: 7, at: now) == .wrong)
        #expect(fetch.received(0, totalSize: nil, whole, from: 0, at: now) == .accepted)
        #expect(fetch.fetch.progress == (16_384, 20_000))
    }

    @Test func `who refuses or does not answer rests, longer each time, and another is asked`() {
        let fetch = Subject()
        var now = Instant(nanoseconds: 0)
        for slot in 0..<2 { #expect(fetch.offered(10, by: slot, at: now)) }
        #expect(fetch.requests(at: now).map(\.slot) == [0, 1])
        fetch.fetch.rejected(0, by: 0, at: now)
        now = now + .seconds(6)
        #expect(fetch.requests(at: now).map(\.slot) == [0])
        now = now + .seconds(16)
        #expect(fetch.requests(at: now).isEmpty)
        #expect(fetch.requests(at: now + .seconds(5)).map(\.slot) == [1])
    }

    @Test func `peers that come and go in any order neither stop it nor trap`() {
        let seed = TestSeed.one()
        var random = SplitMix64(seed: seed)
        let truth = Self.metadata(200_000)
        var fetch = MetadataFetch()
        var now = Instant(nanoseconds: 0)
        var found = false
        for _ in 0..<20_000 where !found {
            now = now + .milliseconds(200)
            let slot = Int(random.next(below: 6))
            switch random.next(below: 5) {
            case 0: _ = fetch.offered(random.next(below: 4) == 0 ? 150_000 : truth.count, by: slot, at: now)
            case 1: fetch.left(slot)
            case 2: fetch.rejected(Int(random.next(below: 13)), by: slot, at: now)
            default:
                var requests: [(slot: PeerSlot, piece: Int)] = []
                fetch.nextRequests(at: now, into: &requests)
                for request in requests {
                    let start = request.piece * 16_384
                    let part = truth[start..<min(truth.count, start + 16_384)]
                    let outcome = fetch.received(request.piece, totalSize: nil, part, from: request.slot, at: now)
                    guard case .whole(let bytes) = outcome else { continue }
                    found = bytes == truth
                    _ = fetch.judge(isRight: found)
                }
            }
        }
        #expect(found, "seed \(seed)")
    }
}
