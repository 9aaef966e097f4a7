// SPDX-License-Identifier: Apache-2.0

/// Where a Redis server is reached.
package enum RedisAddress: Hashable, Sendable, CustomStringConvertible {
    /// Over TCP; the host is a name or an address.
    case tcp(host: String, port: UInt16)
    /// By a Unix socket.
    case socket(path: String)

    /// Reads `host:port`, `[::1]:port` or the absolute path of a socket; nil for anything else.
    package init?(_ text: String) {
        if text.hasPrefix("/") {
            self = .socket(path: text)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        self = .tcp(host: String(host), port: port)
    }

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }
}
