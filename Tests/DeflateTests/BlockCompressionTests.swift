// SPDX-License-Identifier: Apache-2.0

import Deflate
import SwarmModel
import Testing

@Suite struct BlockCompressionTests {
    private let inflater = BlockInflater()!
    private let text = Payload.text(16_384)

    private func outcome(_ bytes: [UInt8], count: Int) -> InflateError? {
        guard case .failure(let error) = Payload.inflated(bytes, with: self.inflater, count: count) else { return nil }
        return error
    }

    @Test(arguments: BlockDeflater.levels) func `what was deflated at any level inflates again`(_ level: Int) throws {
        let deflater = try #require(BlockDeflater(level: level))
        #expect(deflater.level == level)
        for count in [1, 2, 257, 16_384, 131_072] {
            for bytes in [Payload.text(count), [UInt8](repeating: 7, count: count)] {
                // A stream that stands alone: it is the same whatever went before.
                let stream = try #require(Payload.deflated(bytes, with: deflater, limit: count + 64))
                #expect(Payload.deflated(bytes, with: deflater, limit: count + 64) == stream)
                #expect(Payload.inflated(stream, with: self.inflater, count: count) == .success(bytes))
                #expect(try Inflate.raw(stream, limit: count) == bytes)
            }
        }
    }

    @Test func `a block that does not fit is given up, and the next one is not harmed`() throws {
        let deflater = try #require(BlockDeflater(level: 6))
        let stream = try #require(Payload.deflated(self.text, with: deflater, limit: 16_384))
        for limit in [1, 2, stream.count] {
            #expect(Payload.deflated(self.text, with: deflater, limit: limit) == nil)
        }
        #expect(Payload.deflated(Payload.noise(16_384), with: deflater, limit: 16_384) == nil)
        #expect(Payload.deflated(self.text, with: deflater, limit: stream.count + 1) == stream)
    }

    @Test func `a bomb stops at the limit`() throws {
        let deflater = try #require(BlockDeflater(level: 9))
        let zeros = [UInt8](repeating: 0, count: 16 << 20)
        let bomb = try #require(Payload.deflated(zeros, with: deflater, limit: 1 << 20))
        #expect(bomb.count < 20_000)
        #expect(self.outcome(bomb, count: 16_384) == .limitExceeded(limit: 16_384))
        #expect(self.outcome(bomb, count: 1) == .limitExceeded(limit: 1))
        #expect(self.outcome(bomb, count: 16 << 20) == nil)
    }

    @Test func `only a stream of exactly the length is taken`() throws {
        let deflater = try #require(BlockDeflater(level: 6))
        let stream = try #require(Payload.deflated(self.text, with: deflater, limit: 16_384))
        #expect(self.outcome(stream, count: 16_384) == nil)
        #expect(self.outcome(stream, count: 16_383) == .limitExceeded(limit: 16_383))
        #expect(self.outcome(stream, count: 16_385) == .tooShort(count: 16_384))
        #expect(self.outcome(stream + [0], count: 16_384) == .trailingBytes(count: 1))
        #expect(self.outcome([], count: 16_384) == .truncated)
        for count in stride(from: 1, to: stream.count, by: 97) {
            #expect(self.outcome(Array(stream.prefix(count)), count: 16_384) != nil)
        }
        #expect(self.outcome(Array(stream.prefix(stream.count / 2)), count: 16_384) == .truncated)
        #expect(Payload.inflated(stream, with: self.inflater, count: 16_384) == .success(self.text))
    }

    /// Damaged and random streams: never a byte outside, and the next block is not harmed.
    @Test(arguments: 0..<20) func `garbage is refused or inflates to the length`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let deflater = try #require(BlockDeflater(level: 6))
        let stream = try #require(Payload.deflated(self.text, with: deflater, limit: 16_384))
        for _ in 0..<100 {
            var damaged = random.next(below: 2) == 0 ? stream : Payload.noise(600, seed: random.next())
            for _ in 0...random.next(below: 4) {
                damaged[Int(random.next(below: UInt64(damaged.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            let count = Int(1 + random.next(below: 20_000))
            _ = Payload.inflated(damaged, with: self.inflater, count: count)
        }
        #expect(Payload.inflated(stream, with: self.inflater, count: 16_384) == .success(self.text))
    }

    @Test func `evenly spread bytes are known at a look`() {
        func isEven(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { ByteSpread.isEven($0) } }
        for seed in 0..<8 {
            for count in [1024, 5_000, 16_384, 131_072] { #expect(isEven(Payload.noise(count, seed: UInt64(seed)))) }
        }
        #expect(!isEven(Payload.noise(1023)))
        #expect(!isEven([]))
        #expect(!isEven(self.text))
        // What only six bits of each byte carry deflates by a quarter.
        #expect(!isEven(Payload.noise(16_384).map { $0 & 63 }))
        #expect(!isEven([UInt8](repeating: 0, count: 16_384)))
        // A head that is unlike the rest.
        #expect(isEven(Array(self.text.prefix(100)) + Payload.noise(16_284)))
    }
}
