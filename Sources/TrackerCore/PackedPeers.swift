// SPDX-License-Identifier: Apache-2.0

/// Addresses of one family as announces carry them. The memory is made once and used again.
package struct PackedPeers: Hashable, Sendable {
    private var space: [UInt8]
    private var used = 0

    /// Nobody, with room for `capacity` bytes.
    package init(capacity: Int = 0) {
        self.space = Array(repeating: 0, count: capacity)
    }

    /// The bytes.
    package var bytes: ArraySlice<UInt8> { self.space[..<self.used] }
    /// How many bytes there are.
    package var count: Int { self.used }
    /// Whether nobody is there.
    package var isEmpty: Bool { self.used == 0 }

    /// Copies the bytes to `target`, which has room for them.
    package func copy(to target: UnsafeMutableRawPointer) {
        self.space.withUnsafeBytes { source in
            guard let base = source.baseAddress, self.used > 0 else { return }
            target.copyMemory(from: base, byteCount: self.used)
        }
    }

    package static func == (left: PackedPeers, right: PackedPeers) -> Bool { left.bytes == right.bytes }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.bytes) }

    /// Drops entries of `width` bytes that also stand in the first `leading` bytes, and then the last ones beyond `limit`
    /// bytes. Those that lead stay all.
    mutating func settle(leading: Int, limit: Int, width: Int) {
        let (used, limit) = (self.used, max(leading, limit))
        self.used = self.space.withUnsafeMutableBytes { space in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: PackedEntries.filterWords) { filter in
                var entries = PackedEntries(UnsafeRawBufferPointer(space), width: width, filter: filter)
                for start in stride(from: 0, to: leading, by: width) { entries.note(start) }
                var end = leading
                for start in stride(from: leading, to: used, by: width) where end < limit {
                    guard !entries.isNoted(start, before: leading) else { continue }
                    if end != start {
                        UnsafeMutableRawBufferPointer(rebasing: space[end..<end + width]).copyMemory(
                            from: UnsafeRawBufferPointer(rebasing: space[start..<start + width]))
                    }
                    end += width
                }
                return end
            }
        }
    }

    mutating func removeAll() {
        self.used = 0
    }

    /// Appends those of `count` addresses, asked for by number, that are there.
    @inline(__always)
    mutating func append<Address: PeerAddress>(_ count: Int, _ address: (Int) -> Address?) {
        self.append(upTo: count * Address.packedLength) { target in
            var written = 0
            for number in 0..<count {
                guard let address = address(number) else { continue }
                address.write(to: target + written)
                written += Address.packedLength
            }
            return written
        }
    }

    /// Lets `body` write up to `limit` bytes behind those that are there; it returns how many it wrote.
    @inline(__always)
    mutating func append(upTo limit: Int, _ body: (UnsafeMutableRawPointer) -> Int) {
        let missing = self.used + limit - self.space.count
        if missing > 0 { self.space.append(contentsOf: repeatElement(0, count: missing)) }
        self.used += self.space.withUnsafeMutableBytes { space in
            space.baseAddress.map { body($0 + self.used) } ?? 0
        }
    }
}
