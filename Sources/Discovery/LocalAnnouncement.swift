// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What peers call out on the local network (BEP 14): the torrents that they have, and the port they are reached at.
package struct LocalAnnouncement: Hashable, Sendable {
    /// Torrents of one message, so that it stays one datagram.
    package static let torrentLimit = 20
    /// Bytes of a message that are read.
    package static let maximumLength = 1_400
    private static let firstLine = "BT-SEARCH * HTTP/1.1"

    /// The port at which the sender accepts peers.
    package var port: UInt16
    /// Which torrents it has.
    package var infoHashes: [InfoHash]
    /// By which the sender knows its own messages.
    package var cookie: String?

    /// An announcement as it is.
    package init(port: UInt16, infoHashes: [InfoHash], cookie: String?) {
        self.port = port
        self.infoHashes = infoHashes
        self.cookie = cookie
    }

    /// Reads a message; nil for what is none. Torrents beyond the limit are passed over.
    package init?(decoding datagram: some Collection<UInt8>) {
        guard datagram.count <= Self.maximumLength, let text = String(validating: datagram, as: UTF8.self) else {
            return nil
        }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard lines.first == Self.firstLine[...] else { return nil }
        var port: UInt16?
        var infoHashes: [InfoHash] = []
        var cookie: String?
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = Self.trimmed(line[line.index(after: colon)...])
            switch line[..<colon].lowercased() {
            case "port": port = UInt16(value)
            case "infohash":
                if infoHashes.count < Self.torrentLimit, let infoHash = InfoHash(hex: value) {
                    infoHashes.append(infoHash)
                }
            case "cookie": cookie = String(value.prefix(64))
            default: continue
            }
        }
        guard let port, port != 0, !infoHashes.isEmpty else { return nil }
        self.init(port: port, infoHashes: infoHashes, cookie: cookie)
    }

    /// The message, as it is sent to `group`, which may be named in its text form.
    package func encoded(group: String) -> [UInt8] {
        var text = Self.firstLine + "\r\nHost: \(group)\r\nPort: \(self.port)\r\n"
        for infoHash in self.infoHashes.prefix(Self.torrentLimit) { text += "Infohash: \(infoHash)\r\n" }
        if let cookie = self.cookie { text += "cookie: \(cookie)\r\n" }
        return Array((text + "\r\n\r\n").utf8)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
