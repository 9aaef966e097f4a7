// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// The parts of a tracker's announce URL that matter here.
struct TrackerURL: Hashable, Sendable {
    /// In lower case.
    let scheme: String
    /// Host and port as they stand, IPv6 in brackets; user and password too.
    let authority: String
    /// Path and query as they stand, without a fragment; empty where there is none.
    let pathAndQuery: String

    /// Nil when there is no scheme or no host.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        self.scheme = text[..<colon].lowercased()
        let rest = text[text.index(colon, offsetBy: 3)...]
        self.authority = String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
        self.pathAndQuery = String(rest.dropFirst(self.authority.count).prefix { $0 != "#" })
        guard !self.scheme.isEmpty, !self.authority.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            return nil
        }
    }

    /// The host, when it is written as an address.
    var address: IPAddress? {
        let host = self.authority.split(separator: "@").last ?? ""
        if host.hasPrefix("[") { return IPAddress(host.dropFirst().prefix { $0 != "]" }) }
        return IPAddress(host.prefix { $0 != ":" })
    }

    /// Host without brackets, and port; nil where the URL names no port.
    var hostAndPort: (host: String, port: UInt16)? {
        let rest = self.authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]), port != 0
        else {
            return nil
        }
        let host = rest[..<colon]
        guard host.hasPrefix("[") else { return host.isEmpty || host.contains(":") ? nil : (String(host), port) }
        return host.hasSuffix("]") ? (String(host.dropFirst().dropLast()), port) : nil
    }

    /// What a UDP tracker is told of the URL (BEP 41): nothing where it says no more than any.
    var urlData: URLData {
        ["", "/", "/announce"].contains(self.pathAndQuery) ? URLData() : URLData(self.pathAndQuery.utf8)
    }

    /// Where the same host answers HTTP: its catalogue. A UDP tracker of ours has HTTP on the same port.
    var httpBase: String? {
        switch self.scheme {
        case "http", "https": "\(self.scheme)://\(self.authority)"
        case "udp": "http://\(self.authority)"
        default: nil
        }
    }
}
