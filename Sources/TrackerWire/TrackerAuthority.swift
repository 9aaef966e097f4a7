// SPDX-License-Identifier: Apache-2.0

/// `host:port` as trackers of a cluster name each other.
package enum TrackerAuthority {
    /// Whether the bytes can stand between the slashes of a URL: a name or an address, and a port, nothing else.
    package static func isPlain(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        guard bytes.count <= PieceRedirection.longestTracker, let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else {
            return false
        }
        let host = bytes[..<colon]
        let port = bytes[bytes.index(after: colon)...]
        guard !host.isEmpty, let number = UInt16(String(decoding: port, as: UTF8.self)), number > 0,
            port.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return false }
        if host.first == UInt8(ascii: "[") {
            return host.last == UInt8(ascii: "]") && host.count > 2
                && host.dropFirst().dropLast().allSatisfy { Self.isHexadecimal($0) || $0 == 0x3a || $0 == 0x2e }
        }
        return host.allSatisfy {
            ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2d || $0 == 0x2e
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
    }
}
