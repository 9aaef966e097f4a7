// SPDX-License-Identifier: Apache-2.0

import Deflate
import Testing

@Suite struct CompressionPolicyTests {
    private static let block = 16_384
    private var policy = CompressionPolicy(mode: .auto)

    private func wants(_ policy: CompressionPolicy, link: Double? = 12e6, speed: Double = 40e6) -> Bool {
        policy.wantsCompression(linkRate: link, speed: speed)
    }

    @Test func `always and never ask nobody`() {
        var always = CompressionPolicy(mode: .always)
        for _ in 0..<100 { always.blockCompressed(raw: Self.block, to: Self.block) }
        #expect(self.wants(always, link: nil, speed: 0) && self.wants(always, link: 1e9))
        #expect(!self.wants(CompressionPolicy(mode: .never)))
    }

    @Test func `auto compresses only for a link that is slower than the processor`() {
        #expect(self.wants(self.policy))
        #expect(!self.wants(self.policy, link: nil))
        #expect(!self.wants(self.policy, link: 600e6))
        // As fast as the link is not enough: nobody is to wait for it.
        #expect(!self.wants(self.policy, link: 40e6, speed: 40e6))
        #expect(self.wants(self.policy, link: 40e6, speed: 50e6))
    }

    @Test func `data that shrinks is compressed on`() {
        var policy = self.policy
        for _ in 0..<10_000 {
            policy.blockCompressed(raw: Self.block, to: Self.block * 4 / 10)
            policy.uploaded(Self.block)
            #expect(self.wants(policy))
        }
        #expect(policy.phase == .using)
    }

    @Test func `one block that does not shrink ends the first try`() {
        var policy = self.policy
        policy.blockCompressed(raw: Self.block, to: Self.block)
        #expect(!self.wants(policy))
        #expect(policy.phase == .resting(left: CompressionPolicy.rest.shortest))
        // Others were under way: they change nothing.
        policy.blockCompressed(raw: Self.block, to: 10)
        #expect(policy.phase == .resting(left: CompressionPolicy.rest.shortest))
    }

    @Test func `tries get rarer while nothing shrinks`() {
        var policy = self.policy
        var tries = 0
        let total = 4 << 30
        for _ in 0..<total / Self.block {
            if self.wants(policy) {
                tries += 1
                policy.blockCompressed(raw: Self.block, to: Self.block)
            }
            policy.uploaded(Self.block)
        }
        // 4, 8, 16 … 256 MiB apart: seven doublings, then one in 256 MiB.
        #expect((18...24).contains(tries))
    }

    @Test func `a stretch that does not shrink is left soon, and text after it is found`() {
        var policy = self.policy
        for _ in 0..<1_000 { policy.blockCompressed(raw: Self.block, to: Self.block * 4 / 10) }
        var wasted = 0
        while self.wants(policy) {
            policy.blockCompressed(raw: Self.block, to: Self.block)
            wasted += 1
        }
        #expect(wasted <= 2 * CompressionPolicy.judgedLength / Self.block)
        var rested = 0
        while !self.wants(policy) {
            policy.uploaded(Self.block)
            rested += Self.block
        }
        #expect(rested == CompressionPolicy.rest.shortest)
        policy.blockCompressed(raw: Self.block, to: Self.block * 4 / 10)
        #expect(policy.phase == .using)
    }

    @Test func `a block must save something to be sent compressed`() {
        #expect(CompressionPolicy.limit(for: 16_384) == 15_360)
        #expect(CompressionPolicy.limit(for: 131_072) == 122_880)
        #expect(CompressionPolicy.limit(for: 10) == 9)
        #expect(CompressionPolicy.limit(for: 1) == 0)
    }
}
