// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@Suite struct TokenBucketTests {
    private static let beginning = Instant(nanoseconds: 5_000)

    @Test func `it begins empty and fills evenly`() {
        var bucket = TokenBucket(bytesPerSecond: 1_000, at: Self.beginning)
        #expect(bucket.available(at: Self.beginning) == 0)
        #expect(bucket.available(at: Self.beginning + .milliseconds(500)) == 500)
        bucket.take(500)
        #expect(bucket.available(at: Self.beginning + .milliseconds(500)) == 0)
        #expect(bucket.available(at: Self.beginning + .milliseconds(600)) == 100)
    }

    @Test func `after a pause no more than a tenth of a second and a block comes at once`() {
        var bucket = TokenBucket(bytesPerSecond: 10 << 20, at: Self.beginning)
        #expect(bucket.available(at: Self.beginning + .seconds(3_600)) == (1 << 20) + 16_384)
        bucket.giveBack(1 << 30)
        #expect(bucket.available(at: Self.beginning + .seconds(3_600)) == (1 << 20) + 16_384)
    }

    @Test(arguments: [1, 700, 1 << 10, 1 << 16, 1 << 20, 100 << 20, 1 << 50])
    func `after the wait that it names the bytes are there`(rate: Int) {
        var bucket = TokenBucket(bytesPerSecond: rate, at: Self.beginning)
        let bytes = 700
        var now = Self.beginning
        var waits = 0
        while bucket.available(at: now) < bytes {
            let wait = bucket.wait(for: bytes, at: now)
            #expect(wait > .zero && wait <= .seconds(3_601))
            now = now + wait
            waits += 1
        }
        #expect(waits <= 2)
        #expect(bucket.wait(for: bytes, at: now) == .zero)
    }

    @Test func `more than there is may be taken, and is made up for`() {
        var bucket = TokenBucket(bytesPerSecond: 1_000, at: Self.beginning)
        bucket.take(2_000)
        #expect(bucket.available(at: Self.beginning + .seconds(2)) == 0)
        #expect(bucket.available(at: Self.beginning + .seconds(3)) == 1_000)
    }

    @Test func `another rate holds from then on, and time that runs back does nothing`() {
        var bucket = TokenBucket(bytesPerSecond: 1_000, at: Self.beginning)
        bucket.change(bytesPerSecond: 4_000, at: Self.beginning + .seconds(1))
        #expect(bucket.bytesPerSecond == 4_000)
        #expect(bucket.available(at: Self.beginning) == 1_000)
        #expect(bucket.available(at: Self.beginning + .seconds(2)) == 5_000)
    }
}
