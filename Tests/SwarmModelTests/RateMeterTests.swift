// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@Suite struct RateMeterTests {
    private func after(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: 0) + .milliseconds(milliseconds) }

    @Test func `an even flow is told from its first reading on`() {
        var meter = RateMeter(at: self.after(0))
        for step in 1...200 {
            meter.add(10_000)
            let rate = meter.bytesPerSecond(at: self.after(Int64(step) * 100))
            #expect(abs(rate - 100_000) < 1)
        }
        #expect(meter.total == 2_000_000)
    }

    @Test func `a flow that ends fades within a few windows to nothing`() {
        var meter = RateMeter(window: .seconds(1), at: self.after(0))
        for step in 1...20 {
            meter.add(100_000)
            _ = meter.bytesPerSecond(at: self.after(Int64(step) * 100))
        }
        let rates = (21...300).map { meter.bytesPerSecond(at: self.after(Int64($0) * 100)) }
        #expect(rates == rates.sorted(by: >))
        #expect(rates[9] < 500_000 && rates[9] > 100_000)
        #expect(rates.last == 0)
    }

    @Test func `readings close together give the rate that stands and lose no bytes`() {
        var meter = RateMeter(at: self.after(0))
        meter.add(1_000)
        #expect(meter.bytesPerSecond(at: self.after(50)) == 0)
        meter.add(1_000)
        #expect(abs(meter.bytesPerSecond(at: self.after(100)) - 20_000) < 1)
    }

    @Test func `instants and intervals add up`() {
        let start = self.after(1_500)
        #expect(start + .seconds(2) - start == .seconds(2))
        #expect(start - .milliseconds(500) == self.after(1_000))
        #expect(Interval.milliseconds(1_500).inSeconds == 1.5)
        #expect(Interval.seconds(1) - .seconds(3) < .zero && start < start + .milliseconds(1))
    }
}
