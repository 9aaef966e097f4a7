// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import Testing

@testable import PeerNetwork

@Suite struct ReceiverGaugeTests {
    private var gauge = ReceiverGauge()
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var clocks = StreamClocks(
        busy: .zero, closed: .zero, roundTrip: .milliseconds(1), leastRoundTrip: .milliseconds(1))

    /// So many milliseconds pass: with something to send, and of those with the peer's window shut.
    private mutating func pass(_ time: Int64, busy: Int64, closed: Int64) {
        self.now = self.now + .milliseconds(time)
        self.clocks.busy = self.clocks.busy + .milliseconds(busy)
        self.clocks.closed = self.clocks.closed + .milliseconds(closed)
        self.gauge.note(self.clocks, at: self.now)
    }

    @Test mutating func `the first look says nothing, whatever the clocks have counted before`() {
        self.pass(60_000, busy: 50_000, closed: 49_000)
        #expect(!self.gauge.holdsUp)
    }

    @Test mutating func `a peer whose window is shut holds things up, until it reads on`() {
        self.pass(100, busy: 100, closed: 0)
        self.pass(700, busy: 700, closed: 690)
        #expect(self.gauge.holdsUp)
        self.pass(100, busy: 100, closed: 60)
        #expect(self.gauge.holdsUp)
        self.pass(100, busy: 100, closed: 40)
        #expect(!self.gauge.holdsUp)
    }

    @Test mutating func `a link with its queue full holds things up, though the window may be full too`() {
        self.pass(100, busy: 100, closed: 0)
        for _ in 0..<10 {
            self.pass(100, busy: 100, closed: 0)
            #expect(!self.gauge.holdsUp)
        }
        self.clocks.roundTrip = .milliseconds(200)
        self.pass(100, busy: 100, closed: 100)
        #expect(!self.gauge.holdsUp)
        // Far away is not the same as queued.
        self.clocks.leastRoundTrip = .milliseconds(190)
        self.pass(100, busy: 100, closed: 100)
        #expect(self.gauge.holdsUp)
    }

    @Test mutating func `a connection with next to nothing to do changes nothing`() {
        self.pass(100, busy: 100, closed: 0)
        self.pass(100, busy: 100, closed: 100)
        for _ in 0..<3 {
            self.pass(100, busy: 5, closed: 0)
            #expect(self.gauge.holdsUp)
        }
        // What came together meanwhile is enough.
        self.pass(100, busy: 5, closed: 0)
        #expect(!self.gauge.holdsUp)
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
        #expect(clocks.busy == .zero && clocks.closed == .zero)
        #expect(StreamClocks(of: pipe[0]) == nil)
        #expect(StreamClocks(of: -1) == nil)
    }
}
