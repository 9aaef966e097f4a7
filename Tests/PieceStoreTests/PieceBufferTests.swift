// SPDX-License-Identifier: Apache-2.0

import PieceStore
import Testing

@Suite struct PieceBufferTests {
    private func store(budget: Int) -> PieceStore {
        var settings = PieceStore.Settings()
        settings.bufferBudget = budget
        return PieceStore(settings: settings)
    }

    @Test func `the budget holds and comes back with the last reference`() throws {
        let store = self.store(budget: 1 << 20)
        var held = (0..<4).compactMap { _ in store.takeBuffer(length: 256 << 10) }
        #expect(held.count == 4)
        #expect(store.takeBuffer(length: 16_384) == nil)
        held.removeLast()
        #expect(store.takeBuffer(length: 256 << 10) != nil)
    }

    @Test func `two pieces are allowed however large`() {
        let store = self.store(budget: 1 << 20)
        let first = store.takeBuffer(length: 16 << 20)
        let second = store.takeBuffer(length: 16 << 20)
        #expect(first != nil && second != nil)
        #expect(store.takeBuffer(length: 16_384) == nil)
    }

    @Test func `memory is page-aligned and used again`() throws {
        let store = self.store(budget: 1 << 20)
        var buffer = store.takeBuffer(length: 100_001)
        let first = buffer!.withUnsafeBytes { Int(bitPattern: $0.baseAddress!) }
        #expect(first.isMultiple(of: 4_096))
        #expect(buffer!.withUnsafeBytes { $0.count } == 100_001)
        buffer = nil
        buffer = store.takeBuffer(length: 90_000)
        #expect(buffer!.withUnsafeBytes { Int(bitPattern: $0.baseAddress!) } == first)
    }

    @Test func `absurd lengths give no buffer`() {
        let store = self.store(budget: 1 << 20)
        #expect(store.takeBuffer(length: 0) == nil)
        #expect(store.takeBuffer(length: Int.max) == nil)
    }
}
