// SPDX-License-Identifier: Apache-2.0

/// Path and query of a UDP tracker's URL, as options behind an announce carry them (BEP 41).
package struct URLData: Hashable, Sendable {
    /// Most bytes that are read or written.
    package static let maximumLength = 1024

    /// The bytes as they stand in the URL; empty where there is neither path nor query.
    package var bytes: [UInt8]

    /// Cut where it is longer than `maximumLength`.
    package init(_ bytes: some Collection<UInt8> = []) {
        self.bytes = Array(bytes.prefix(Self.maximumLength))
    }

    /// Reads the options behind an announce. Options that nobody knows are passed over; what breaks off in the middle
    /// counts for nothing.
    package init(datagram: Span<UInt8>) {
        self.bytes = []
        var position = AnnounceRequest.datagramLength
        while position < datagram.count {
            let kind = datagram[position]
            position += 1
            if kind == Self.endOfOptions { return }
            if kind == Self.nothing { continue }
            guard position < datagram.count, position + 1 + Int(datagram[position]) <= datagram.count else { return }
            let range = position + 1..<position + 1 + Int(datagram[position])
            if kind == Self.urlData, self.bytes.count + range.count <= Self.maximumLength {
                for offset in range { self.bytes.append(datagram[offset]) }
            }
            position = range.upperBound
        }
    }

    /// At least one option, where there is anything to say.
    func write(to writer: inout DatagramWriter) {
        var rest = self.bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(255)
            writer.append([Self.urlData, UInt8(part.count)])
            writer.append(part)
            rest = rest.dropFirst(part.count)
        }
    }

    private static let endOfOptions: UInt8 = 0
    private static let nothing: UInt8 = 1
    private static let urlData: UInt8 = 2
}
