// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import PeerNetwork

@Suite struct RunBuffersTests {
    private static func address(of buffer: ByteBuffer) -> UnsafeRawPointer? {
        buffer.withVeryUnsafeBytes { $0.baseAddress }
    }

    /// A buffer that was filled and kept, and where it lies.
    private static func fill(_ runs: RunBuffers) -> (bytes: ByteBuffer, address: UnsafeRawPointer?) {
        var buffer = runs.take(RunBuffers.run)
        buffer.writeRepeatingByte(7, count: RunBuffers.run)
        runs.keep(buffer)
        return (buffer, Self.address(of: buffer))
    }

    @Test func `memory is used again when nobody looks at it any more`() {
        let runs = RunBuffers()
        let address = Self.fill(runs).address
        let again = runs.take(RunBuffers.run)
        #expect(Self.address(of: again) == address)
        #expect(again.readableBytes == 0)
    }

    @Test func `what is still on its way is left alone`() {
        let runs = RunBuffers()
        let (bytes, address) = Self.fill(runs)
        var other = runs.take(RunBuffers.run)
        other.writeRepeatingByte(8, count: RunBuffers.run)
        #expect(Self.address(of: other) != address)
        #expect(bytes.readableBytesView.allSatisfy { $0 == 7 })
    }

    @Test func `a run that is larger than what was kept gets memory of its own`() {
        let runs = RunBuffers()
        _ = Self.fill(runs).address
        #expect(runs.take(4 * RunBuffers.run).capacity >= 4 * RunBuffers.run)
    }

    @Test func `a rest without use gives the memory back`() {
        let runs = RunBuffers()
        _ = Self.fill(runs).address
        runs.rest()
        #expect(runs.count == 1)
        runs.rest()
        #expect(runs.count == 0)
    }

    @Test func `short messages are not kept, and many runs are not either`() {
        let runs = RunBuffers()
        runs.keep(runs.take(100))
        #expect(runs.count == 0)
        let held = (0..<100).map { _ in Self.fill(runs).bytes }
        #expect(runs.count < 10 && held.count == 100)
    }
}
