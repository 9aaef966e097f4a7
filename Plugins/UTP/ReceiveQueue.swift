// SPDX-License-Identifier: Apache-2.0

/// Packets that came before one that is missing, kept until it comes. A ring indexed by packet number.
struct ReceiveQueue: ~Copyable {
    /// How far a packet may be ahead of the one that is missing.
    static let maximumSpan = 4_096
    /// Bytes of a mask at most: its length is one byte, and a multiple of four.
    static let maximumMask = 252

    private struct Entry {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count: Int32 = 0
        var isTaken = false
    }

    private var ring: UnsafeMutablePointer<Entry>
    private var mask: Int
    /// The packet up to which all have arrived.
    private(set) var last: UInt16
    /// The highest that is kept; `last` when none is.
    private var highest: UInt16
    /// Packets kept.
    private(set) var count = 0
    /// Bytes kept.
    private(set) var byteCount = 0

    init(last: UInt16) {
        self.last = last
        self.highest = last
        self.mask = 15
        self.ring = .allocate(capacity: 16)
        self.ring.initialize(repeating: Entry(), count: 16)
    }

    deinit {
        for index in 0...self.mask { self.ring[index].bytes?.deallocate() }
        self.ring.deallocate()
    }

    /// The next packet in order has arrived.
    mutating func advance() {
        self.last &+= 1
        if self.count == 0 { self.highest = self.last }
    }

    /// Keeps a packet that is at least two ahead of `last`; false when it is here already or too far ahead.
    mutating func insert(_ number: UInt16, _ bytes: UnsafePointer<UInt8>, count: Int) -> Bool {
        let distance = number.ahead(of: self.last)
        guard distance > 1, distance < Self.maximumSpan else { return false }
        self.grow(to: distance)
        let index = Int(number) & self.mask
        guard !self.ring[index].isTaken else { return false }
        self.ring[index].isTaken = true
        self.ring[index].count = Int32(count)
        if count > 0 {
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
            copy.update(from: bytes, count: count)
            self.ring[index].bytes = copy
        }
        self.count += 1
        self.byteCount += count
        if number.ahead(of: self.highest) > 0 { self.highest = number }
        return true
    }

    /// The payload of the packet after `last`, if it is kept. Nil too where it has none; see `hasNext`.
    var next: (bytes: UnsafePointer<UInt8>, count: Int)? {
        let entry = self.ring[Int(self.last &+ 1) & self.mask]
        guard self.count > 0, entry.isTaken, let bytes = entry.bytes else { return nil }
        return (UnsafePointer(bytes), Int(entry.count))
    }

    /// Whether the packet after `last` is kept.
    var hasNext: Bool { self.count > 0 && self.ring[Int(self.last &+ 1) & self.mask].isTaken }

    /// The packet after `last` leaves the queue and counts as arrived.
    mutating func removeNext() {
        let index = Int(self.last &+ 1) & self.mask
        self.ring[index].bytes?.deallocate()
        self.count -= 1
        self.byteCount -= Int(self.ring[index].count)
        self.ring[index] = Entry()
        self.advance()
    }

    /// Writes which packets are kept, from `last + 2` on, eight a byte; returns how many bytes, a multiple of four.
    func writeMask(to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        guard self.count > 0 else { return 0 }
        let bits = self.highest.ahead(of: self.last) - 1
        let length = min(Self.maximumMask, (bits + 31) / 32 * 4)
        for byte in 0..<length {
            var value: UInt8 = 0
            for bit in 0..<8 {
                let distance = byte * 8 + bit
                guard distance < bits else { break }
                let number = self.last.advanced(distance + 2)
                if self.ring[Int(number) & self.mask].isTaken { value |= 1 << UInt8(bit) }
            }
            bytes[byte] = value
        }
        return length
    }

    private mutating func grow(to distance: Int) {
        guard distance > self.mask else { return }
        var capacity = (self.mask + 1) * 2
        while distance >= capacity { capacity *= 2 }
        let ring = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        ring.initialize(repeating: Entry(), count: capacity)
        if self.count > 0 {
            for step in 1...max(1, self.highest.ahead(of: self.last)) {
                let number = Int(self.last.advanced(step))
                ring[number & (capacity - 1)] = self.ring[number & self.mask]
            }
        }
        self.ring.deallocate()
        self.ring = ring
        self.mask = capacity - 1
    }
}
