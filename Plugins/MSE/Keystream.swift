// SPDX-License-Identifier: Apache-2.0

/// One direction's RC4, its first 1,024 bytes thrown away as message stream encryption wants it.
///
/// The state has 32-bit elements and the next one is fetched before the swap that may change it: a byte costs half of
/// what it costs with bytes. Eight bytes of keystream are put together and applied at once.
struct Keystream: ~Copyable {
    private static let dropped = 1_024

    private let state: UnsafeMutablePointer<UInt32>
    private var i: Int
    private var j: UInt32

    /// Keyed with the bytes given, at least one.
    init(key: UnsafeBufferPointer<UInt8>) {
        self.state = .allocate(capacity: 256)
        for index in 0..<256 { (self.state + index).initialize(to: UInt32(truncatingIfNeeded: index)) }
        var other = 0
        for index in 0..<256 {
            let value = self.state[index]
            other = (other &+ Int(value) &+ Int(key[index % key.count])) & 255
            self.state[index] = self.state[other]
            self.state[other] = value
        }
        self.i = 0
        self.j = 0
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.dropped) { bytes in
            guard let start = bytes.baseAddress else { return }
            start.initialize(repeating: 0, count: Self.dropped)
            self.apply(to: start, count: Self.dropped)
        }
    }

    deinit {
        self.state.update(repeating: 0, count: 256)
        self.state.deallocate()
    }

    /// Encrypts or decrypts the next `count` bytes of the stream in place.
    mutating func apply(to bytes: UnsafeMutablePointer<UInt8>, count: Int) {
        let state = self.state
        let memory = UnsafeMutableRawPointer(bytes)
        var i = (self.i &+ 1) & 255
        var j = self.j
        var value = state[i]
        @inline(__always) func next() -> UInt64 {
            j = (j &+ value) & 255
            let place = Int(truncatingIfNeeded: j)
            let other = state[place]
            let following = (i &+ 1) & 255
            var ahead = state[following]
            state[place] = value
            state[i] = other
            if following == place { ahead = value }
            let byte = state[Int(truncatingIfNeeded: (value &+ other) & 255)]
            value = ahead
            i = following
            return UInt64(byte)
        }
        var offset = 0
        while offset &+ 8 <= count {
            var word = next()
            word |= next() << 8
            word |= next() << 16
            word |= next() << 24
            word |= next() << 32
            word |= next() << 40
            word |= next() << 48
            word |= next() << 56
            let plain = memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            memory.storeBytes(of: plain ^ word.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        while offset < count {
            bytes[offset] ^= UInt8(truncatingIfNeeded: next())
            offset &+= 1
        }
        self.i = (i &- 1) & 255
        self.j = j
    }
}
