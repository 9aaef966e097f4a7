// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@testable import PeerNetwork

@Suite struct LinkGaugeTests {
    private var gauge = LinkGauge()
    private var now = Instant(nanoseconds: 1_000_000_000)

    /// Hands over bytes, is blocked until they are gone at `rate` bytes a second, and waits `idle` before the next.
    private mutating func cycle(_ bytes: Int, rate: Double, idle: Interval = .zero) {
        self.gauge.add(bytes)
        self.now = self.now + idle
        self.gauge.note(isBlocked: true, at: self.now)
        self.now = self.now + Interval(nanoseconds: Int64(Double(bytes) / rate * 1e9))
        self.gauge.note(isBlocked: false, at: self.now)
    }

    private var rate: Double? { self.gauge.bytesPerSecond(at: self.now) }

    @Test mutating func `a link that keeps up has no rate`() {
        #expect(self.rate == nil)
        for _ in 0..<100 {
            self.gauge.add(1 << 20)
            self.now = self.now + .milliseconds(10)
            self.gauge.note(isBlocked: false, at: self.now)
        }
        #expect(self.rate == nil)
    }

    @Test(arguments: [1e5, 1.25e6, 12.5e6, 125e6, 1e9]) mutating func `a link that is waited for is measured`(
        _ rate: Double
    ) {
        for _ in 0..<Int(max(4, rate / 1e6)) { self.cycle(524_288, rate: rate) }
        let measured = self.rate ?? 0
        #expect(measured > rate * 0.9 && measured < rate * 1.1)
    }

    @Test mutating func `one stall of the machine makes no link slow`() {
        for _ in 0..<1_000 { self.cycle(524_288, rate: 1e9) }
        self.cycle(524_288, rate: 1e6 * 2)
        #expect(self.rate ?? 0 > 5e8)
        for _ in 0..<1_000 { self.cycle(524_288, rate: 1e9) }
        #expect(self.rate ?? 0 > 5e8)
    }

    @Test mutating func `time in which nothing was to be sent does not count`() {
        for _ in 0..<20 { self.cycle(524_288, rate: 12.5e6) }
        for _ in 0..<20 { self.cycle(524_288, rate: 12.5e6, idle: .seconds(1)) }
        #expect(self.rate ?? 0 > 11e6)
    }

    @Test mutating func `a link that takes nothing for long is slow before it has taken anything`() {
        self.gauge.add(1 << 20)
        self.gauge.note(isBlocked: true, at: self.now)
        #expect(self.rate == nil)
        self.now = self.now + .seconds(1)
        #expect(self.rate ?? .infinity <= 3e6)
        self.now = self.now + .seconds(9)
        #expect(self.rate ?? .infinity <= 3e5)
        self.gauge.note(isBlocked: false, at: self.now)
        #expect(self.rate ?? .infinity <= 3e5)
    }

    /// What goes out without being waited for, three times as fast as `rate`, until that is not believed any more: in seconds'
    /// worth of it, beyond what any link takes at once.
    private mutating func trusted(_ rate: Double) -> Double {
        var given = 0
        while self.rate != nil, given < 1 << 40 {
            self.gauge.add(131_072)
            given += 131_072
            self.now = self.now + Interval(nanoseconds: Int64(131_072 / (3 * rate) * 1e9))
            self.gauge.note(isBlocked: false, at: self.now)
        }
        return Double(given - (4 << 20)) / rate
    }

    @Test mutating func `a stall is believed no longer than until the link is seen to take more`() {
        for _ in 0..<1_000 { self.cycle(524_288, rate: 1e9) }
        self.gauge.add(524_288)
        self.gauge.note(isBlocked: true, at: self.now)
        self.now = self.now + .milliseconds(700)
        self.gauge.note(isBlocked: false, at: self.now)
        #expect(self.rate ?? .infinity <= 3e6)
        #expect(self.trusted(3e6) <= 1.1)
        // Sent as it is, it shows what it carries.
        for _ in 0..<1_000 { self.cycle(524_288, rate: 1e9) }
        #expect(self.rate ?? 0 > 9e8)
    }

    @Test mutating func `a rate that is found again and again is believed longer each time, and a new one not`() {
        for _ in 0..<20 { self.cycle(524_288, rate: 12.5e6) }
        for times in [1.0, 2, 4, 8, 16, 32, 32] {
            let trusted = self.trusted(12.5e6)
            #expect(abs(trusted - times) < 0.15 * times)
            for _ in 0..<20 { self.cycle(524_288, rate: 12.5e6) }
        }
        // One that is waited for all along is not found again, but known.
        for _ in 0..<1_000 { self.cycle(524_288, rate: 50e6) }
        let trusted = self.trusted(50e6)
        #expect(abs(trusted - 1) < 0.15)
    }

    @Test mutating func `a link that was not what was waited for is unknown again`() {
        for _ in 0..<20 { self.cycle(524_288, rate: 12.5e6) }
        self.gauge.forget()
        #expect(self.rate == nil)
        for _ in 0..<20 { self.cycle(524_288, rate: 12.5e6) }
        #expect(self.rate ?? 0 > 11e6)
    }

    @Test mutating func `what was measured is forgotten`() {
        for _ in 0..<20 { self.cycle(524_288, rate: 12.5e6) }
        #expect(self.rate != nil)
        self.now = self.now + .seconds(60)
        #expect(self.rate == nil)
    }

    @Test func `the speed of compression counts waits and overlaps`() {
        var speed = CompressionSpeed()
        var now = Instant(nanoseconds: 0)
        #expect(speed.bytesPerSecond(at: now, guess: 7) == 7)
        // Two at a time, each of 10 ms: twice as fast as one.
        for _ in 0..<50 {
            speed.begin(at: now)
            speed.begin(at: now)
            now = now + .milliseconds(10)
            speed.end(raw: 100_000, isTypical: true, at: now)
            speed.end(raw: 100_000, isTypical: true, at: now)
            // Nothing to do counts for nothing.
            now = now + .milliseconds(100)
        }
        #expect(speed.inFlight == 0)
        #expect(abs(speed.bytesPerSecond(at: now, guess: 7) - 20e6) < 1e6)
        // One that took long by itself, and one stall, tell nothing.
        speed.begin(at: now)
        now = now + .seconds(1)
        speed.end(raw: 100_000, isTypical: false, at: now)
        speed.begin(at: now)
        now = now + .seconds(1)
        speed.end(raw: 100_000, isTypical: true, at: now)
        #expect(abs(speed.bytesPerSecond(at: now, guess: 7) - 20e6) < 1e6)
        now = now + .seconds(6)
        #expect(speed.bytesPerSecond(at: now, guess: 7) == 7)
    }
}
