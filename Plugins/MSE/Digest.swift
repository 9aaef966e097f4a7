// SPDX-License-Identifier: Apache-2.0

/// SHA-1 (FIPS 180-4) over the few short messages of the handshake, put together part by part in one buffer.
struct Digest: ~Copyable {
    /// Bytes of a digest.
    static let length = 20
    private static let block = 64
    /// The longest message: a name of 4, a shared secret of 96, an info-hash of 20.
    private static let capacity = 3 * Self.block

    private let message: UnsafeMutablePointer<UInt8>
    private var count = 0

    /// Begins with a name of four letters.
    init(_ name: StaticString) {
        self.message = .allocate(capacity: Self.capacity)
        self.message.initialize(repeating: 0, count: Self.capacity)
        self.append(name.utf8Start, count: name.utf8CodeUnitCount)
    }

    deinit {
        self.message.update(repeating: 0, count: Self.capacity)
        self.message.deallocate()
    }

    /// Adds bytes to the message; what is beyond the longest message is not.
    mutating func append(_ bytes: UnsafePointer<UInt8>, count: Int) {
        let taken = min(count, Self.capacity - 9 - self.count)
        guard taken > 0 else { return }
        (self.message + self.count).update(from: bytes, count: taken)
        self.count += taken
    }

    /// Writes the 20 bytes.
    consuming func finish(into digest: UnsafeMutablePointer<UInt8>) {
        let end = (self.count + 9 + Self.block - 1) / Self.block * Self.block
        self.message[self.count] = 0x80
        let bits = self.count * 8
        self.message[end - 2] = UInt8(truncatingIfNeeded: bits >> 8)
        self.message[end - 1] = UInt8(truncatingIfNeeded: bits)
        var h: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
            0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0
        )
        for start in stride(from: 0, to: end, by: Self.block) { Self.compress(self.message + start, into: &h) }
        Self.write(h.0, to: digest)
        Self.write(h.1, to: digest + 4)
        Self.write(h.2, to: digest + 8)
        Self.write(h.3, to: digest + 12)
        Self.write(h.4, to: digest + 16)
    }

    /// The name by which initiators call a torrent: the digest of `req2` and its info-hash.
    static func torrentName(of infoHash: UnsafePointer<UInt8>, into name: UnsafeMutablePointer<UInt8>) {
        var digest = Digest("req2")
        digest.append(infoHash, count: Self.length)
        digest.finish(into: name)
    }

    private static func compress(
        _ block: UnsafePointer<UInt8>, into h: inout (UInt32, UInt32, UInt32, UInt32, UInt32)
    ) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { room in
            guard let words = room.baseAddress else { return }
            for index in 0..<16 { words[index] = Self.read(block + 4 * index) }
            for index in 16..<80 {
                let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
                words[index] = mixed << 1 | mixed >> 31
            }
            var (a, b, c, d, e) = h
            for index in 0..<80 {
                let (choice, constant) = Self.round(index, b, c, d)
                let sum = (a << 5 | a >> 27) &+ choice &+ e &+ constant &+ words[index]
                e = d
                d = c
                c = b << 30 | b >> 2
                b = a
                a = sum
            }
            h = (h.0 &+ a, h.1 &+ b, h.2 &+ c, h.3 &+ d, h.4 &+ e)
        }
    }

    private static func round(_ index: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> (UInt32, UInt32) {
        if index < 20 { return (b & c | ~b & d, 0x5a82_7999) }
        if index < 40 { return (b ^ c ^ d, 0x6ed9_eba1) }
        if index < 60 { return (b & c | b & d | c & d, 0x8f1b_bcdc) }
        return (b ^ c ^ d, 0xca62_c1d6)
    }

    private static func read(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
        UInt32(bytes[0]) << 24 | UInt32(bytes[1]) << 16 | UInt32(bytes[2]) << 8 | UInt32(bytes[3])
    }

    private static func write(_ word: UInt32, to bytes: UnsafeMutablePointer<UInt8>) {
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * index)) }
    }
}
