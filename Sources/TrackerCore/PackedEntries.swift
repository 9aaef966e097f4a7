// SPDX-License-Identifier: Apache-2.0

/// Tells which of many packed addresses, of 6 or 18 bytes each, are among a few. Most are not, and a filter of a bit for
/// each of a thousand hashes says so at once (Bloom 1970); only where it does not are bytes compared.
struct PackedEntries {
    /// Words that the filter takes.
    static let filterWords = 16

    private let bytes: UnsafeRawBufferPointer
    private let width: Int
    private let filter: UnsafeMutableBufferPointer<UInt64>

    /// Of no entries yet; `filter` has room for `filterWords`.
    init(_ bytes: UnsafeRawBufferPointer, width: Int, filter: UnsafeMutableBufferPointer<UInt64>) {
        self.bytes = bytes
        self.width = width
        self.filter = filter
        filter.initialize(repeating: 0)
    }

    /// Takes in the entry at `start`.
    mutating func note(_ start: Int) {
        let hash = self.hash(start)
        self.filter[hash >> 6] |= 1 << UInt64(hash & 63)
    }

    /// Whether the entry at `start` is one of those before `end`, all of which were taken in.
    func isNoted(_ start: Int, before end: Int) -> Bool {
        let hash = self.hash(start)
        guard self.filter[hash >> 6] >> UInt64(hash & 63) & 1 == 1 else { return false }
        for other in stride(from: 0, to: end, by: self.width) where self.areEqual(other, start) { return true }
        return false
    }

    /// Ten bits of the last six bytes: of IPv6 they are what differs most.
    private func hash(_ start: Int) -> Int {
        let end = start + self.width
        let high = UInt64(self.bytes.loadUnaligned(fromByteOffset: end - 6, as: UInt32.self))
        let low = UInt64(self.bytes.loadUnaligned(fromByteOffset: end - 2, as: UInt16.self))
        return Int(((high << 16 | low) &* 0x9e37_79b9_7f4a_7c15) >> 54)
    }

    private func areEqual(_ one: Int, _ other: Int) -> Bool {
        for offset in stride(from: 0, to: self.width, by: 2)
        where self.bytes.loadUnaligned(fromByteOffset: one + offset, as: UInt16.self)
            != self.bytes.loadUnaligned(fromByteOffset: other + offset, as: UInt16.self)
        {
            return false
        }
        return true
    }
}
