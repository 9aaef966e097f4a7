// SPDX-License-Identifier: Apache-2.0

import Bencode
package import SwarmModel

extension AnnounceReply {
    /// Most bytes of an answer that are read.
    package static let maximumLength = 1 << 20
    /// Most peers that are taken from one answer; the rest is dropped.
    package static let maximumPeers = 2000
    /// What an answer without an interval means.
    package static let defaultInterval = Interval.seconds(1800)

    /// Reads an answer. Peers may come packed, as dictionaries, or mixed (BEP 3, 7, 23). Entries that name no reachable
    /// address are passed over: host names, port 0, half an entry at the end.
    package init(decoding bytes: some Collection<UInt8>) throws(TrackerReplyError) {
        let root = try ReplyReader(bytes, limit: Self.maximumLength)
        if let refusal = try root.refusal() {
            self = .refused(refusal)
            return
        }
        let hasPeers = root["peers"] != nil || root["peers6"] != nil
        guard let interval = try root.seconds("interval") ?? (hasPeers ? Self.defaultInterval : nil) else {
            throw .missing("interval")
        }
        var response = AnnounceResponse(interval: interval)
        response.minimumInterval = try root.seconds("min interval")
        response.complete = try root.count("complete")
        response.incomplete = try root.count("incomplete")
        response.downloaded = try root.count("downloaded")
        response.warning = try root.text("warning message")
        response.trackerID = try root.bytes("tracker id")
        response.externalAddress = try root.bytes("external ip").flatMap { IPAddress(bytes: $0) }
        response.reportPeriod = try root.count("swarm period").map { .milliseconds(Int64(min($0, 65_535))) }
        response.owner = root["swarm owner"].flatMap(ReplyReader.authority)
        response.successors =
            root["swarm nodes"]?.list?.prefix(PieceRedirection.mostTrackers).compactMap(ReplyReader.authority) ?? []
        try root.appendPeers("peers", packed: 6, to: &response.peers)
        try root.appendPeers("peers6", packed: 18, to: &response.peers)
        self = .accepted(response)
    }
}

extension ReplyReader {
    /// What cannot be an address of a tracker is as if it were not there.
    fileprivate static func authority(_ value: BencodeValue) -> String? {
        guard let bytes = value.bytes, TrackerAuthority.isPlain(bytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    fileprivate func appendPeers(
        _ key: String, packed width: Int, to peers: inout [TrackerPeer]
    ) throws(TrackerReplyError) {
        guard let value = self[key] else { return }
        if let packed = value.bytes {
            Self.append(packed: packed, width: width, to: &peers)
        } else if let list = value.list {
            for entry in list where peers.count < AnnounceReply.maximumPeers {
                if let peer = Self.peer(entry) { peers.append(peer) }
            }
        } else {
            throw .wrongType(key)
        }
    }

    private static func append(packed: ArraySlice<UInt8>, width: Int, to peers: inout [TrackerPeer]) {
        var rest = packed
        while rest.count >= width, peers.count < AnnounceReply.maximumPeers {
            if let endpoint = PeerEndpoint(compact: rest.prefix(width)), self.isReachable(endpoint) {
                peers.append(TrackerPeer(endpoint))
            }
            rest = rest.dropFirst(width)
        }
    }

    private static func peer(_ entry: BencodeValue) -> TrackerPeer? {
        guard let text = entry["ip"]?.string, let address = IPAddress(text), let number = entry["port"]?.integer,
            let port = UInt16(exactly: number)
        else { return nil }
        let endpoint = PeerEndpoint(address: address, port: port)
        guard self.isReachable(endpoint) else { return nil }
        return TrackerPeer(endpoint, peerID: entry["peer id"]?.bytes.flatMap { PeerID(bytes: $0) })
    }

    private static func isReachable(_ endpoint: PeerEndpoint) -> Bool {
        endpoint.port != 0 && !endpoint.address.isUnspecified
    }
}
