// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Where a URL's server is, and how it is reached by an address that was looked up.
extension TrackerURL {
    /// Host and port as they stand, without user and password.
    var hostAndPortText: String {
        String(self.authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "")
    }

    /// The host alone, an IPv6 address without its brackets.
    var host: String {
        let text = self.hostAndPortText
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        return String(text.prefix { $0 != ":" })
    }

    /// Whether it says more than a path.
    var hasQuery: Bool { self.pathAndQuery.contains("?") }

    /// The same by an address of the host. For `http` alone: whoever speaks TLS must know the name.
    func url(at address: IPAddress) -> String {
        let text = self.hostAndPortText
        let port = text.hasPrefix("[") ? text.drop { $0 != "]" }.dropFirst() : text.drop { $0 != ":" }
        let host = address.isV6 ? "[\(address)]" : "\(address)"
        return "\(self.scheme)://\(host)\(port)\(self.pathAndQuery)"
    }

    /// Where an answer's `Location` leads from here (RFC 3986, what servers use of it); nil for what is no place on the web.
    func resolving(_ location: String) -> String? {
        let text: String
        if location.hasPrefix("//") {
            text = "\(self.scheme):\(location)"
        } else if location.hasPrefix("/") {
            text = "\(self.scheme)://\(self.authority)\(location)"
        } else if location.contains("://") {
            text = location
        } else {
            let path = self.pathAndQuery.prefix { $0 != "?" }
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
            text = "\(self.scheme)://\(self.authority)\(folder)\(location)"
        }
        guard let target = TrackerURL(text), ["http", "https"].contains(target.scheme) else { return nil }
        return text
    }
}
