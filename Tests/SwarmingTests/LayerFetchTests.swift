// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import TestSeeds
import Testing

@Suite struct LayerFetchTests {
    private static func root(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(number), count: 32) }

    /// A fetch, its peers and a clock.
    final class Subject {
        var fetch: LayerFetch
        var now = Instant(nanoseconds: 1)

        init(_ pieceCounts: [Int], pieceLayer: Int = 2) {
            self.fetch = LayerFetch(
                pieceCounts.enumerated().map { .init(root: LayerFetchTests.root($0 + 1), pieceCount: $1) },
                pieceLayer: pieceLayer)
        }

        func requests() -> [(slot: PeerSlot, range: HashRange)] {
            var requests: [(slot: PeerSlot, range: HashRange)] = []
            self.fetch.nextRequests(at: self.now, into: &requests)
            return requests
        }

        func received(_ range: HashRange, from slot: PeerSlot) -> Int? { self.fetch.received(range, from: slot) }

        /// Answers a request; what it brings is right, or not.
        func answer(_ request: (slot: PeerSlot, range: HashRange), isRight: Bool = true) {
            guard let chunk = self.fetch.received(request.range, from: request.slot) else {
                Issue.record("\(request.range) was not expected")
                return
            }
            self.fetch.judge(chunk, LayerFetchTests.hashes(of: request.range), isRight: isRight)
        }
    }

    private static func hashes(of range: HashRange) -> [UInt8] {
        (0..<range.count).flatMap { hash in [UInt8](repeating: UInt8(truncatingIfNeeded: range.index + hash), count: 32)
        }
            + [UInt8](repeating: 0xFF, count: 32 * range.proofCount)
    }

    @Test func `ranges cover the pieces with proofs that reach the root`() {
        let subject = Subject([2, 512, 1_300])
        subject.fetch.joined(0, at: subject.now)
        var ranges: [HashRange] = []
        while !subject.fetch.isDone {
            for request in subject.requests() {
                ranges.append(request.range)
                subject.answer(request)
            }
        }
        #expect(ranges.allSatisfy { $0.isWellFormed && $0.layer == 2 })
        let told = ranges.map { [$0.index, $0.count, $0.proofLayers, UInt32($0.proofCount)] }
        #expect(told == [[0, 2, 0, 0], [0, 512, 8, 0], [0, 512, 10, 2], [512, 512, 10, 2], [1_024, 512, 10, 2]])
        let layers = subject.fetch.layers
        #expect(layers.count == 3)
        #expect(layers[Self.root(1)] == (0..<2).flatMap { [UInt8](repeating: $0, count: 32) })
        #expect(
            layers[Self.root(3)]
                == (0..<1_300).flatMap { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 32) })
    }

    @Test func `files of the same bytes are asked for once`() {
        var fetch = LayerFetch(
            [.init(root: Self.root(1), pieceCount: 9), .init(root: Self.root(1), pieceCount: 9)], pieceLayer: 0)
        #expect(fetch.totalCount == 1 && !fetch.isDone)
        fetch.joined(3, at: Instant(nanoseconds: 0))
    }

    @Test func `several peers are asked at once, each for a few and none for the same`() {
        let subject = Subject([512 * 20])
        for slot in 0..<3 { subject.fetch.joined(slot, at: subject.now) }
        let requests = subject.requests()
        #expect(requests.count == 12 && Set(requests.map(\.range)).count == 12)
        #expect(Set(requests.map(\.slot)) == [0, 1, 2])
        #expect(subject.requests().isEmpty)
    }

    @Test func `what a liar sent is asked of another, and what comes unasked is not taken`() {
        let subject = Subject([600])
        subject.fetch.joined(0, at: subject.now)
        let first = subject.requests()
        #expect(subject.received(first[0].range, from: 1) == nil)
        subject.answer(first[0], isRight: false)
        #expect(subject.received(first[0].range, from: 0) == nil)
        subject.fetch.left(0)
        subject.fetch.joined(1, at: subject.now)
        for request in subject.requests() {
            #expect(request.slot == 1)
            subject.answer(request)
        }
        #expect(subject.fetch.isDone)
    }

    @Test func `a peer that refuses rests, and others are asked meanwhile`() {
        let subject = Subject([600])
        subject.fetch.joined(0, at: subject.now)
        let requests = subject.requests()
        let wasAsked = subject.fetch.rejected(requests[0].range, by: 0, at: subject.now)
        let wasNot = subject.fetch.rejected(requests[0].range, by: 0, at: subject.now)
        #expect(wasAsked && !wasNot)
        #expect(subject.requests().isEmpty)
        subject.fetch.joined(1, at: subject.now)
        #expect(Set(subject.requests().map(\.range)) == Set(requests.map(\.range)))
    }

    @Test func `a peer that alone refuses is asked again after a while`() {
        let subject = Subject([10])
        subject.fetch.joined(0, at: subject.now)
        var pauses: [Int64] = []
        for _ in 0..<4 {
            let request = subject.requests()[0]
            let from = subject.now
            subject.fetch.rejected(request.range, by: 0, at: subject.now)
            while subject.requests().isEmpty { subject.now = subject.now + .seconds(1) }
            pauses.append((subject.now - from).nanoseconds / 1_000_000_000)
            subject.fetch.left(0)
            subject.fetch.joined(0, at: subject.now)
        }
        #expect(pauses.allSatisfy { $0 >= 2 && $0 <= 60 })
    }

    @Test func `what does not come is asked of another in time`() {
        let subject = Subject([10])
        subject.fetch.joined(0, at: subject.now)
        #expect(subject.requests().count == 1)
        subject.fetch.joined(1, at: subject.now)
        #expect(subject.requests().isEmpty)
        subject.now = subject.now + .seconds(15)
        #expect(subject.requests().map(\.slot) == [1])
    }

    @Test func `in a crowd of which most lie or refuse every layer comes`() {
        var random = SplitMix64(seed: TestSeed.one())
        let subject = Subject([2, 700, 5_000, 3])
        for slot in 0..<8 { subject.fetch.joined(slot, at: subject.now) }
        var asked = 0
        while !subject.fetch.isDone {
            for request in subject.requests() {
                asked += 1
                let fate = request.slot < 6 ? random.next(below: 4) : 0
                if fate == 1 {
                    subject.fetch.rejected(request.range, by: request.slot, at: subject.now)
                } else if fate == 2 {
                    subject.fetch.left(request.slot)
                    subject.fetch.joined(request.slot, at: subject.now)
                } else if fate == 0, let chunk = subject.fetch.received(request.range, from: request.slot) {
                    subject.fetch.judge(chunk, Self.hashes(of: request.range), isRight: true)
                } else if let chunk = subject.fetch.received(request.range, from: request.slot) {
                    subject.fetch.judge(chunk, [], isRight: false)
                    subject.fetch.left(request.slot)
                    subject.fetch.joined(request.slot, at: subject.now)
                }
            }
            subject.now = subject.now + .seconds(1)
            guard asked < 100_000 else { break }
        }
        #expect(subject.fetch.isDone)
        #expect(subject.fetch.layers.values.map(\.count).sorted() == [64, 96, 22_400, 160_000])
    }
}
