// SPDX-License-Identifier: Apache-2.0

/// What was written and is not acknowledged, as packets with their numbers. A ring indexed by packet number; buffers of
/// acknowledged packets are used again.
struct SendQueue: ~Copyable {
    /// Packets at most, sent or not: a quarter of the circle of numbers at the very most is safe to compare.
    static let maximumPackets = 8_192
    /// Packets under way at most: what a mask of selective acknowledgements can tell about, twice.
    static let maximumInFlight = 4_096
    /// Buffers kept while nothing is under way.
    private static let idleBuffers = 4

    private var ring: UnsafeMutablePointer<OutgoingPacket>
    private var mask: Int
    private var spare: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>>
    private var spareCount = 0
    private var spareRoom: Int32 = 0
    /// The oldest that is not acknowledged.
    private(set) var first: UInt16
    /// The first that was never sent.
    private(set) var unsent: UInt16
    /// One past the last.
    private(set) var end: UInt16
    /// Payload that is under way.
    private(set) var bytesInFlight = 0
    /// Payload that is neither acknowledged nor dropped, sent or not.
    private(set) var bytesHeld = 0
    /// Packets to be sent again.
    private(set) var lostCount = 0
    /// Packets that are acknowledged while one before them is not.
    private(set) var acknowledgedCount = 0

    init(first: UInt16) {
        self.mask = 15
        self.ring = .allocate(capacity: 16)
        self.ring.initialize(repeating: OutgoingPacket(kind: .data), count: 16)
        self.spare = .allocate(capacity: 16)
        self.first = first
        self.unsent = first
        self.end = first
    }

    deinit {
        var number = self.first
        while number != self.end {
            self.ring[Int(number) & self.mask].bytes?.deallocate()
            number &+= 1
        }
        for index in 0..<self.spareCount { self.spare[index].deallocate() }
        self.spare.deallocate()
        self.ring.deallocate()
    }

    /// Packets that were sent and are not acknowledged in order.
    var sentCount: Int { self.unsent.ahead(of: self.first) }
    /// Packets that were never sent.
    var unsentCount: Int { self.end.ahead(of: self.unsent) }
    var isEmpty: Bool { self.first == self.end }

    subscript(number: UInt16) -> OutgoingPacket {
        get { self.ring[Int(number) & self.mask] }
        set { self.ring[Int(number) & self.mask] = newValue }
    }

    /// Appends payload, filling up the last packet that was not sent; packets get `room` bytes. Returns how many bytes were
    /// taken: fewer only when there are too many packets.
    mutating func append(_ bytes: UnsafePointer<UInt8>, count: Int, room: Int) -> Int {
        var taken = 0
        if self.end != self.unsent { taken = self.fill(self.end &- 1, bytes, count) }
        while taken < count, self.end.ahead(of: self.first) < Self.maximumPackets - 2 {
            self.grow()
            self[self.end] = OutgoingPacket(bytes: self.buffer(room), room: Int32(room), kind: .data)
            self.end &+= 1
            taken += self.fill(self.end &- 1, bytes + taken, count - taken)
        }
        return taken
    }

    /// Appends a packet without payload. Always possible once: `append` leaves room for it.
    mutating func append(_ kind: PacketKind) {
        self.grow()
        self[self.end] = OutgoingPacket(kind: kind)
        self.end &+= 1
    }

    /// The first packet that was never sent, or one to be sent again, is under way now.
    mutating func sent(_ number: UInt16, at now: Int64, probeSize: Int) {
        let index = Int(number) & self.mask
        if self.ring[index].stage == .lost { self.lostCount -= 1 }
        if number == self.unsent { self.unsent &+= 1 }
        if self.ring[index].stage != .inFlight { self.bytesInFlight += Int(self.ring[index].count) }
        self.ring[index].stage = .inFlight
        self.ring[index].sentAt = now
        self.ring[index].timesSent += 1
        self.ring[index].probeSize = UInt32(probeSize)
    }

    /// A packet has arrived there: its payload is dropped. Returns how much of it had not been acknowledged before.
    mutating func acknowledge(_ number: UInt16) -> Int {
        let index = Int(number) & self.mask
        let count = Int(self.ring[index].count)
        switch self.ring[index].stage {
        case .waiting, .acknowledged: return 0
        case .inFlight: self.bytesInFlight -= count
        case .lost: self.lostCount -= 1
        }
        self.ring[index].stage = .acknowledged
        self.acknowledgedCount += 1
        self.bytesHeld -= count
        if let bytes = self.ring[index].bytes { self.keep(bytes, room: self.ring[index].room) }
        self.ring[index].bytes = nil
        return count
    }

    /// The oldest packet, which is acknowledged, leaves.
    mutating func removeFirst() {
        self.acknowledgedCount -= 1
        self.first &+= 1
    }

    /// A packet under way is taken for lost.
    mutating func lose(_ number: UInt16) {
        let index = Int(number) & self.mask
        guard self.ring[index].stage == .inFlight else { return }
        self.ring[index].stage = .lost
        self.bytesInFlight -= Int(self.ring[index].count)
        self.lostCount += 1
    }

    /// Gives memory back that only a fast transfer needs.
    mutating func shrink() {
        while self.spareCount > Self.idleBuffers {
            self.spareCount -= 1
            self.spare[self.spareCount].deallocate()
        }
    }

    // MARK: - Memory

    private mutating func fill(_ number: UInt16, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
        let index = Int(number) & self.mask
        guard let memory = self.ring[index].bytes, self.ring[index].stage == .waiting else { return 0 }
        let filled = Int(self.ring[index].count)
        let part = min(count, Int(self.ring[index].room) - filled)
        guard part > 0 else { return 0 }
        (memory + PacketHeader.length + filled).update(from: bytes, count: part)
        self.ring[index].count += Int32(part)
        self.bytesHeld += part
        return part
    }

    private mutating func buffer(_ room: Int) -> UnsafeMutablePointer<UInt8> {
        if self.spareRoom != Int32(room) {
            for index in 0..<self.spareCount { self.spare[index].deallocate() }
            self.spareCount = 0
            self.spareRoom = Int32(room)
        }
        if self.spareCount > 0 {
            self.spareCount -= 1
            return self.spare[self.spareCount]
        }
        return .allocate(capacity: PacketHeader.length + room)
    }

    private mutating func keep(_ bytes: UnsafeMutablePointer<UInt8>, room: Int32) {
        guard room == self.spareRoom, self.spareCount <= self.mask else { return bytes.deallocate() }
        self.spare[self.spareCount] = bytes
        self.spareCount += 1
    }

    private mutating func grow() {
        guard self.end.ahead(of: self.first) > self.mask else { return }
        let capacity = (self.mask + 1) * 2
        let ring = UnsafeMutablePointer<OutgoingPacket>.allocate(capacity: capacity)
        ring.initialize(repeating: OutgoingPacket(kind: .data), count: capacity)
        var number = self.first
        while number != self.end {
            ring[Int(number) & (capacity - 1)] = self.ring[Int(number) & self.mask]
            number &+= 1
        }
        let spare = UnsafeMutablePointer<UnsafeMutablePointer<UInt8>>.allocate(capacity: capacity)
        spare.update(from: self.spare, count: self.spareCount)
        self.ring.deallocate()
        self.spare.deallocate()
        self.ring = ring
        self.spare = spare
        self.mask = capacity - 1
    }
}
