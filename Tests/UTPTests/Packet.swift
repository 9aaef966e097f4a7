// SPDX-License-Identifier: Apache-2.0

/// A packet written by hand, or taken apart (BEP 29).
struct Packet {
    var kind: UInt8
    var version: UInt8 = 1
    var connection: UInt16
    var sentAt: UInt32 = 1
    var delay: UInt32 = 1
    var window: UInt32 = 1 << 20
    var sequence: UInt16
    var acknowledged: UInt16
    var extensions: [(UInt8, [UInt8])] = []
    var payload: [UInt8] = []

    static let data: UInt8 = 0
    static let fin: UInt8 = 1
    static let state: UInt8 = 2
    static let reset: UInt8 = 3
    static let syn: UInt8 = 4

    init(_ kind: UInt8, connection: UInt16, sequence: UInt16, acknowledged: UInt16, payload: [UInt8] = []) {
        self.kind = kind
        self.connection = connection
        self.sequence = sequence
        self.acknowledged = acknowledged
        self.payload = payload
    }

    /// The header of a datagram; extensions count as payload.
    init(_ bytes: [UInt8]) {
        func number(_ place: Int, _ count: Int) -> UInt32 {
            bytes[place..<place + count].reduce(0) { $0 << 8 | UInt32($1) }
        }
        self.kind = bytes[0] >> 4
        self.version = bytes[0] & 15
        self.connection = UInt16(number(2, 2))
        self.sentAt = number(4, 4)
        self.delay = number(8, 4)
        self.window = number(12, 4)
        self.sequence = UInt16(number(16, 2))
        self.acknowledged = UInt16(number(18, 2))
        self.payload = Array(bytes[20...])
        self.firstExtension = bytes[1]
    }

    /// Number of the first extension of a packet taken apart.
    private(set) var firstExtension: UInt8 = 0

    var bytes: [UInt8] {
        func octets(_ value: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
        }
        var result = [self.kind << 4 | self.version, self.extensions.first?.0 ?? 0]
        result += octets(UInt32(self.connection), 2) + octets(self.sentAt, 4) + octets(self.delay, 4)
        result += octets(self.window, 4) + octets(UInt32(self.sequence), 2) + octets(UInt32(self.acknowledged), 2)
        for (index, item) in self.extensions.enumerated() {
            let next = index + 1 < self.extensions.count ? self.extensions[index + 1].0 : 0
            result += [next, UInt8(item.1.count)] + item.1
        }
        return result + self.payload
    }
}
