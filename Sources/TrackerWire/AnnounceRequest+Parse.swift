// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension AnnounceRequest {
    /// Longest query that is read, bytes.
    package static let maximumQueryLength = 8192

    /// Reads a raw query (what follows the question mark). What real clients need is forgiven: any order, unknown
    /// parameters, empty or negative numbers, events without meaning; of repeated parameters the last counts.
    /// info_hash, peer_id and port must be there and well-formed.
    package init(query: Span<UInt8>) throws(TrackerQueryError) {
        guard query.count <= Self.maximumQueryLength else { throw .tooLong(Self.maximumQueryLength) }
        var position = 0
        var infoHash: InfoHash?
        var peerID: PeerID?
        var port: UInt16?
        var rest = Optionals()
        while let pair = query.queryPair(at: &position) {
            if query.matches(pair.name, "info_hash") {
                infoHash = InfoHash(try query.twentyBytes(pair.value, "info_hash"))
            } else if query.matches(pair.name, "peer_id") {
                peerID = PeerID(try query.twentyBytes(pair.value, "peer_id"))
            } else if query.matches(pair.name, "port") {
                guard let number = query.number(pair.value), let value = UInt16(exactly: number) else {
                    throw .notAPort
                }
                port = value
            } else {
                rest.read(pair, from: query)
            }
        }
        guard let infoHash else { throw .missing("info_hash") }
        guard let peerID else { throw .missing("peer_id") }
        guard let port else { throw .missing("port") }
        self.init(infoHash: infoHash, peerID: peerID, port: port, left: rest.left)
        self.take(rest)
    }

    /// As `init(query: Span)`, of a string.
    package init(query: String) throws(TrackerQueryError) {
        try self.init(query: query.utf8.span)
    }

    private mutating func take(_ rest: Optionals) {
        self.uploaded = rest.uploaded
        self.downloaded = rest.downloaded
        self.event = rest.event
        self.wanted = rest.wanted
        self.isCompact = rest.isCompact
        self.omitsPeerID = rest.omitsPeerID
        self.key = rest.key
        self.offersReports = rest.offersReports
        self.trackerID = rest.trackerID
        self.address = rest.address
        self.endpointV4 = rest.listen(rest.ipv4, defaultPort: self.port, isV6: false)
        self.endpointV6 = rest.listen(rest.ipv6, defaultPort: self.port, isV6: true)
    }
}

/// The parameters that may be absent, while a query is read.
private struct Optionals {
    var uploaded: UInt64 = 0
    var downloaded: UInt64 = 0
    var left = UInt64.max
    var event = AnnounceEvent.none
    var wanted: Int?
    var isCompact = true
    var omitsPeerID = false
    var key: UInt32?
    var trackerID: [UInt8]?
    var address: IPAddress?
    var ipv4: String?
    var ipv6: String?
    var offersReports = false

    mutating func read(_ pair: QueryPair, from query: Span<UInt8>) {
        if query.matches(pair.name, "left") {
            self.left = query.number(pair.value) ?? .max
        } else if query.matches(pair.name, "uploaded") {
            self.uploaded = query.number(pair.value) ?? 0
        } else if query.matches(pair.name, "downloaded") {
            self.downloaded = query.number(pair.value) ?? 0
        } else if query.matches(pair.name, "event") {
            self.event = Self.event(pair.value, from: query)
        } else if query.matches(pair.name, "numwant") {
            self.wanted = Self.wanted(pair.value, from: query)
        } else if query.matches(pair.name, "compact") {
            self.isCompact = !query.matches(pair.value, "0")
        } else if query.matches(pair.name, "no_peer_id") {
            self.omitsPeerID = query.matches(pair.value, "1")
        } else if query.matches(pair.name, "key") {
            self.key = query.decoded(pair.value).flatMap(Self.key)
        } else {
            self.readAddress(pair, from: query)
        }
    }

    private mutating func readAddress(_ pair: QueryPair, from query: Span<UInt8>) {
        if query.matches(pair.name, "trackerid") {
            self.trackerID = query.decoded(pair.value)
        } else if query.matches(pair.name, "ip") {
            self.address = query.text(pair.value).flatMap { IPAddress($0) }
        } else if query.matches(pair.name, "ipv4") {
            self.ipv4 = query.text(pair.value)
        } else if query.matches(pair.name, "ipv6") {
            self.ipv6 = query.text(pair.value)
        } else if query.matches(pair.name, "swarm") {
            self.offersReports = query.matches(pair.value, "1")
        }
    }

    /// BEP 7: an address alone, or with a port of its own. Of the wrong family it is nothing.
    func listen(_ text: String?, defaultPort: UInt16, isV6: Bool) -> PeerEndpoint? {
        guard let text else { return nil }
        let endpoint = PeerEndpoint(text) ?? IPAddress(text).map { PeerEndpoint(address: $0, port: defaultPort) }
        return endpoint?.address.isV6 == isV6 ? endpoint : nil
    }

    private static func event(_ value: Range<Int>, from query: Span<UInt8>) -> AnnounceEvent {
        if query.matches(value, "started") { return .started }
        if query.matches(value, "completed") { return .completed }
        if query.matches(value, "stopped") { return .stopped }
        return .none
    }

    private static func wanted(_ value: Range<Int>, from query: Span<UInt8>) -> Int? {
        guard let number = query.number(value), !query.matches(value, "-1") else { return nil }
        return Int(clamping: number)
    }

    /// Up to eight hexadecimal digits as their number; any other text by its FNV-1a hash, so that equal stays equal.
    private static func key(_ bytes: [UInt8]) -> UInt32? {
        guard !bytes.isEmpty else { return nil }
        if bytes.count <= 8, let number = UInt32(String(decoding: bytes, as: UTF8.self), radix: 16) { return number }
        return bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
