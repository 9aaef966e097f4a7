// SPDX-License-Identifier: Apache-2.0

/// The first 20 bytes of every packet (BEP 29 "header format").
struct PacketHeader {
    static let length = 20
    static let version: UInt8 = 1
    /// Number of the extension that lists packets received out of order.
    static let selectiveAcknowledgement: UInt8 = 1
    /// Number of our extension that only makes a packet longer: to others an unknown one, which they skip.
    static let padding: UInt8 = 0xa5

    var kind: PacketKind
    /// The number of the first extension, 0 for none.
    var firstExtension: UInt8 = 0
    var connection: UInt16
    /// Microseconds of the sender's clock.
    var sentAt: UInt32
    /// How late the last packet of the other side seemed to arrive here, in microseconds of two clocks.
    var delay: UInt32
    /// Bytes that the sender still takes.
    var window: UInt32
    var sequence: UInt16
    /// The last packet up to which all have arrived.
    var acknowledged: UInt16

    /// Nil where `bytes` are no packet of this protocol.
    init?(_ bytes: UnsafePointer<UInt8>, count: Int) {
        guard count >= Self.length, bytes[0] & 0x0f == Self.version, let kind = PacketKind(rawValue: bytes[0] >> 4)
        else { return nil }
        self.kind = kind
        self.firstExtension = bytes[1]
        self.connection = Self.load16(bytes + 2)
        self.sentAt = Self.load32(bytes + 4)
        self.delay = Self.load32(bytes + 8)
        self.window = Self.load32(bytes + 12)
        self.sequence = Self.load16(bytes + 16)
        self.acknowledged = Self.load16(bytes + 18)
    }

    init(_ kind: PacketKind, connection: UInt16, sequence: UInt16) {
        self.kind = kind
        self.connection = connection
        self.sentAt = 0
        self.delay = 0
        self.window = 0
        self.sequence = sequence
        self.acknowledged = 0
    }

    /// Writes 20 bytes.
    func write(to bytes: UnsafeMutablePointer<UInt8>) {
        bytes[0] = self.kind.rawValue << 4 | Self.version
        bytes[1] = self.firstExtension
        Self.store16(self.connection, bytes + 2)
        Self.store32(self.sentAt, bytes + 4)
        Self.store32(self.delay, bytes + 8)
        Self.store32(self.window, bytes + 12)
        Self.store16(self.sequence, bytes + 16)
        Self.store16(self.acknowledged, bytes + 18)
    }

    private static func load16(_ bytes: UnsafePointer<UInt8>) -> UInt16 {
        UInt16(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt16.self))
    }

    private static func load32(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
        UInt32(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self))
    }

    private static func store16(_ value: UInt16, _ bytes: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(bytes).storeBytes(of: value.bigEndian, as: UInt16.self)
    }

    private static func store32(_ value: UInt32, _ bytes: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(bytes).storeBytes(of: value.bigEndian, as: UInt32.self)
    }
}
