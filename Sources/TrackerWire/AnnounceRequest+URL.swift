// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension AnnounceRequest {
    /// The address to GET: `base` with this announce appended to its query. A base that already has a query keeps it,
    /// a fragment is dropped.
    package func url(base: String) -> String {
        QueryWriter.join(base: base, query: self.query)
    }

    /// The query alone, without a question mark.
    package var query: String {
        var writer = QueryWriter()
        writer.append("info_hash", bytes: self.infoHash.bytes)
        writer.append("peer_id", bytes: self.peerID.bytes)
        writer.append("port", String(self.port))
        writer.append("uploaded", String(self.uploaded))
        writer.append("downloaded", String(self.downloaded))
        writer.append("left", String(self.left))
        writer.append("compact", self.isCompact ? "1" : "0")
        if self.omitsPeerID { writer.append("no_peer_id", "1") }
        if self.event != .none { writer.append("event", self.event.word) }
        if let wanted = self.wanted { writer.append("numwant", String(wanted)) }
        if let key = self.key { writer.append("key", Self.keyText(key)) }
        if self.offersReports { writer.append("swarm", "1") }
        if let trackerID = self.trackerID { writer.append("trackerid", bytes: trackerID) }
        if let address = self.address { writer.append("ip", address.description) }
        if let endpoint = self.endpointV4 { writer.append("ipv4", endpoint.description) }
        if let endpoint = self.endpointV6 { writer.append("ipv6", endpoint.description) }
        return writer.text
    }

    /// Eight upper-case hexadecimal digits, as most clients write it.
    private static func keyText(_ key: UInt32) -> String {
        let digits = String(key, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
