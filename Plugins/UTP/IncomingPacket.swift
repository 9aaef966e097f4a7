// SPDX-License-Identifier: Apache-2.0

/// A datagram taken apart: it points into the datagram's memory.
struct IncomingPacket {
    let header: PacketHeader
    /// The bit mask of packets received out of order; bit 0 is the one after next.
    let mask: UnsafePointer<UInt8>
    let maskLength: Int
    let payload: UnsafePointer<UInt8>
    let payloadLength: Int

    /// Nil where the datagram is no packet of this protocol, or its extensions reach past its end.
    init?(_ bytes: UnsafePointer<UInt8>, count: Int) {
        guard let header = PacketHeader(bytes, count: count) else { return nil }
        var place = PacketHeader.length
        var number = header.firstExtension
        var mask = (start: place, length: 0)
        // Each extension takes two bytes at least, so that the datagram's length bounds the chain.
        while number != 0 {
            guard count - place >= 2 else { return nil }
            let length = Int(bytes[place + 1])
            guard count - place - 2 >= length else { return nil }
            if number == PacketHeader.selectiveAcknowledgement { mask = (place + 2, length) }
            number = bytes[place]
            place += 2 + length
        }
        self.header = header
        self.mask = bytes + mask.start
        self.maskLength = mask.length
        self.payload = bytes + place
        self.payloadLength = count - place
    }
}
