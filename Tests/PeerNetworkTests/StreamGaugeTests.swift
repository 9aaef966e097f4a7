// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import Testing

@testable import PeerNetwork

@Suite struct StreamGaugeTests {
    private var gauge = StreamGauge()
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var clocks = StreamClocks(
        busy: .zero, closed: .zero, roundTrip: .milliseconds(1), leastRoundTrip: .milliseconds(1))

    /// So many milliseconds pass: with something to send, and of those with the peer's window shut.
    private mutating func pass(_ time: Int64, busy: Int64, closed: Int64, sent: UInt64 = 0, unsent: Int = 0) {
        self.now = self.now + .milliseconds(time)
        self.clocks.busy = self.clocks.busy + .milliseconds(busy)
        self.clocks.closed = self.clocks.closed + .milliseconds(closed)
        self.clocks.acknowledged += sent
        self.clocks.unsent = unsent
        self.gauge.note(self.clocks, at: self.now)
    }

    private var rate: Double? {
        switch self.gauge.holder {
        case .link(let rate): rate
        case .nothing, .peer: nil
        }
    }

    @Test mutating func `the first look says nothing, whatever the clocks have counted before`() {
        self.pass(60_000, busy: 50_000, closed: 49_000)
        #expect(self.gauge.holder != .peer)
    }

    @Test mutating func `a peer whose window is shut holds things up, until it reads on`() {
        self.pass(100, busy: 100, closed: 0)
        self.pass(700, busy: 700, closed: 690)
        #expect(self.gauge.holder == .peer)
        self.pass(100, busy: 100, closed: 60)
        #expect(self.gauge.holder == .peer)
        self.pass(100, busy: 100, closed: 40)
        #expect(self.gauge.holder != .peer)
    }

    @Test mutating func `a link with its queue full holds things up, though the window may be full too`() {
        self.pass(100, busy: 100, closed: 0)
        for _ in 0..<10 {
            self.pass(100, busy: 100, closed: 0)
            #expect(self.gauge.holder != .peer)
        }
        self.clocks.roundTrip = .milliseconds(200)
        self.pass(100, busy: 100, closed: 100)
        #expect(self.gauge.holder != .peer)
        // Far away is not the same as queued.
        self.clocks.leastRoundTrip = .milliseconds(190)
        self.pass(100, busy: 100, closed: 100)
        #expect(self.gauge.holder == .peer)
    }

    @Test mutating func `a link that always has something to send is measured after half a second of it`() {
        self.pass(100, busy: 100, closed: 0, unsent: 1)
        for _ in 0..<4 {
            self.pass(100, busy: 100, closed: 0, sent: 50_000, unsent: 1)
            #expect(self.gauge.holder == .nothing)
        }
        self.pass(100, busy: 90, closed: 0, sent: 50_000, unsent: 1)
        #expect(self.rate == 500_000)
        // What was, counts less and less.
        for _ in 0..<80 {
            self.pass(100, busy: 100, closed: 0, sent: 200_000, unsent: 1)
            #expect(self.rate ?? 0 > 500_000)
        }
        let rate = self.rate ?? 0
        #expect(rate > 1_990_000 && rate <= 2_000_000)
    }

    @Test mutating func `what lies in the link's queue waits for it too`() {
        self.clocks.roundTrip = .milliseconds(61)
        for _ in 0...5 { self.pass(100, busy: 100, closed: 0, sent: 50_000) }
        #expect(self.rate == 500_000)
    }

    @Test mutating func `what is under way to a peer far away waits for nothing`() {
        (self.clocks.roundTrip, self.clocks.leastRoundTrip) = (.milliseconds(300), .milliseconds(300))
        for _ in 0..<20 { self.pass(100, busy: 100, closed: 0, sent: 50_000) }
        #expect(self.gauge.holder == .nothing)
    }

    @Test(arguments: [(busy: Int64(79), unsent: 1), (3, 1), (0, 0), (100, 0)])
    mutating func `a link is forgotten once there is a pause`(_ pause: (busy: Int64, unsent: Int)) {
        for _ in 0..<10 { self.pass(100, busy: 100, closed: 0, sent: 50_000, unsent: 1) }
        #expect(self.rate == 500_000)
        self.pass(100, busy: pause.busy, closed: 0, sent: 50_000, unsent: pause.unsent)
        #expect(self.gauge.holder == .nothing)
        self.pass(100, busy: 100, closed: 0, sent: 50_000, unsent: 1)
        #expect(self.gauge.holder == .nothing)
    }

    @Test mutating func `a connection with next to nothing to do changes nothing`() {
        self.pass(100, busy: 100, closed: 0)
        self.pass(100, busy: 100, closed: 100)
        for _ in 0..<3 {
            self.pass(100, busy: 5, closed: 0)
            #expect(self.gauge.holder == .peer)
        }
        // What came together meanwhile is enough.
        self.pass(100, busy: 5, closed: 0)
        #expect(self.gauge.holder != .peer)
    }

    @Test mutating func `the clocks are looked at ten times a second at most`() {
        #expect(self.gauge.isDue(at: self.now))
        self.pass(0, busy: 0, closed: 0)
        #expect(!self.gauge.isDue(at: self.now + .milliseconds(99)))
        #expect(self.gauge.isDue(at: self.now + .milliseconds(100)))
    }

    @Test func `a stream has clocks, and nothing else has`() throws {
        var pipe: [CInt] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pipe) == 0)
        let stream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { for descriptor in pipe + [stream] { close(descriptor) } }
        let clocks = try #require(StreamClocks(of: stream))
        #expect(clocks.busy == .zero && clocks.closed == .zero && clocks.acknowledged == 0 && clocks.unsent == 0)
        #expect(StreamClocks(of: pipe[0]) == nil)
        #expect(StreamClocks(of: -1) == nil)
    }
}
