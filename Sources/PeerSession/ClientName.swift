// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Client names from peer ids by the convention of BEP 20, `-XX1234-` and twelve random bytes.
package enum ClientName {
    private static let names: [String: String] = [
        "AZ": "Vuze", "BC": "BitComet", "BG": "BTGetit", "BT": "BitTorrent", "DE": "Deluge",
        "FD": "Free Download Manager",
        "GT": "anacrolix torrent", "KT": "KTorrent", "LT": "libtorrent", "PI": "PicoTorrent", "RN": "Rain",
        "SM": "Swarm", "TR": "Transmission", "TX": "Tixati", "UM": "µTorrent Mac", "UT": "µTorrent",
        "WW": "WebTorrent", "XL": "Xunlei", "bk": "BitKitten", "lt": "rTorrent", "qB": "qBittorrent", "rQ": "rqbit",
    ]

    /// Name and version; the prefix itself of a client not known here; nil when the id does not follow the convention.
    package static func of(_ id: PeerID) -> String? {
        let bytes = id.bytes
        guard bytes[0] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[1..<7].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return Self.older(bytes) }
        let code = String(decoding: bytes[1..<3], as: UTF8.self)
        guard let name = Self.names[code] else { return String(decoding: bytes[1..<7], as: UTF8.self) }
        return name + " " + bytes[3..<6].map { Self.digit($0) }.joined(separator: ".")
    }

    /// Two clients that do not follow the convention.
    private static func older(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: "A2-".utf8) { return "aria2" }
        if bytes.starts(with: "M".utf8), bytes[2] == UInt8(ascii: "-") { return "BitTorrent" }
        return nil
    }

    private static func digit(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): String(byte - UInt8(ascii: "A") + 10)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): String(byte - UInt8(ascii: "a") + 36)
        default: String(Unicode.Scalar(byte))
        }
    }
}
