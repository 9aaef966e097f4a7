// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

/// A session at one end of a simulated link: a peer that serves requests in order at a rate, a delay both ways.
private struct Link {
    var talk: Conversation
    var bytesPerSecond: Double
    let delay: Interval
    private var arrivals: [(at: Instant, block: BlockRange)] = []
    private var busyUntil: Instant
    private var next = 0
    private(set) var received = 0
    private(set) var windows: [Int] = []
    private(set) var batches: [Int] = []

    init(bytesPerSecond: Double, delay: Interval, requestLimit: Int?) {
        self.talk = Conversation.established(
            extensions: true, geometry: Conversation.known(TorrentGeometry(totalLength: 1 << 38, pieceLength: 1 << 20)))
        self.bytesPerSecond = bytesPerSecond
        self.delay = delay
        self.busyUntil = self.talk.now
        if let requestLimit {
            self.talk.feed { MessageWriter.extended(0, payload: Array("d4:reqqi\(requestLimit)ee".utf8), into: &$0) }
        }
        self.talk.unchoke()
    }

    /// Lets `interval` pass.
    mutating func run(for interval: Interval) {
        let end = self.talk.now + interval
        self.fill()
        while let first = self.arrivals.first, first.at <= end {
            self.arrivals.removeFirst()
            self.talk.now = first.at
            var bytes: [UInt8] = []
            MessageWriter.piece(first.block, into: &bytes)
            bytes += Array(repeating: 0, count: Int(first.block.length))
            self.talk.feed(bytes)
            self.talk.happenings = []
            self.received += 1
            self.windows.append(self.talk.session.windowSize)
            self.fill()
        }
        self.talk.now = end
    }

    mutating func forgetWindows() { self.windows = [] }

    private mutating func fill() {
        guard self.talk.session.wantsRequests else { return }
        self.batches.append(self.talk.session.requestRoom)
        for _ in 0..<self.talk.session.requestRoom {
            let block = Conversation.block(self.next, geometry: self.talk.session.configuration.geometry)
            self.next += 1
            self.talk.request(block)
            let start = max(self.busyUntil, self.talk.now + self.delay)
            self.busyUntil =
                start + Interval(nanoseconds: Int64(Double(block.length) / self.bytesPerSecond * 1e9))
            self.arrivals.append((self.busyUntil + self.delay, block))
        }
        self.talk.session.clearOutput()
    }
}

@Suite struct RequestWindowTests {
    @Test(arguments: [
        (100_000.0, 20), (1_000_000.0, 5), (1_000_000.0, 150), (10_000_000.0, 1), (10_000_000.0, 50),
        (3_000_000.0, 300),
    ])
    func `the window settles at rate times delay and a short queue`(_ rate: Double, _ milliseconds: Int64) {
        var link = Link(bytesPerSecond: rate, delay: .milliseconds(milliseconds), requestLimit: 2000)
        link.run(for: .seconds(20))
        link.forgetWindows()
        let before = link.received
        link.run(for: .seconds(20))
        let expected = max(8, rate * (0.3 + 2 * Double(milliseconds) / 1000) / 16_384)
        let least = Double(link.windows.min() ?? 0)
        let most = Double(link.windows.max() ?? 0)
        #expect(least > expected * 0.75 - 1, "\(least) of \(expected)")
        #expect(most < expected * 1.25 + 2, "\(most) of \(expected)")
        // The link is never idle.
        #expect(Double(link.received - before) * 16_384 > rate * 20 * 0.97)
    }

    @Test func `a fast link fills up within a second`() {
        var link = Link(bytesPerSecond: 20_000_000, delay: .milliseconds(25), requestLimit: 2000)
        link.run(for: .seconds(1))
        #expect(Double(link.received) * 16_384 > 20_000_000 * 0.6)
        let before = link.received
        link.run(for: .seconds(1))
        #expect(Double(link.received - before) * 16_384 > 20_000_000 * 0.97)
    }

    @Test func `the window follows a link that becomes faster and slower`() {
        var link = Link(bytesPerSecond: 1_000_000, delay: .milliseconds(20), requestLimit: 2000)
        link.run(for: .seconds(10))
        #expect((15...27).contains(link.talk.session.windowSize))
        link.bytesPerSecond = 8_000_000
        link.run(for: .seconds(10))
        #expect((122...210).contains(link.talk.session.windowSize))
        link.bytesPerSecond = 500_000
        link.run(for: .seconds(40))
        #expect((8...16).contains(link.talk.session.windowSize))
    }

    @Test(arguments: [nil, 50, 500, 100_000] as [Int?])
    func `the window never exceeds what the peer keeps nor our own limit`(_ limit: Int?) {
        var link = Link(bytesPerSecond: 500_000_000, delay: .milliseconds(1), requestLimit: limit)
        link.run(for: .milliseconds(600))
        let cap = min(limit ?? PeerSession.defaultRequestLimit, 2000)
        #expect(link.talk.session.windowSize == cap)
        #expect(link.windows.max() == cap)
    }

    @Test func `requests go out in batches of a quarter of the window`() {
        var link = Link(bytesPerSecond: 10_000_000, delay: .milliseconds(10), requestLimit: 2000)
        link.run(for: .seconds(5))
        #expect(link.batches.suffix(10).allSatisfy { $0 > 40 })
    }

    @Test func `a peer that refuses what is too much is asked for less`() {
        var talk = Conversation.established()
        talk.unchoke()
        let blocks = (0..<16).map { Conversation.block($0) }
        for block in blocks { talk.request(block) }
        talk.feed { out in for block in blocks.suffix(6) { MessageWriter.reject(block, into: &out) } }
        #expect(talk.session.windowSize == 10)
    }
}
