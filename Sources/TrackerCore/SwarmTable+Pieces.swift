// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
package import TrackerWire

// Reports.
extension SwarmTable {
    /// How long a reporter may be silent beyond three periods.
    private static let silence: UInt32 = 10

    /// How often peers are to report at present: less often, the more do.
    package var reportPeriod: Interval {
        let rate = max(self.policy.reportsPerSecond, 1)
        let needed = Interval(nanoseconds: Int64(self.reporters) * 1_000_000_000 / Int64(rate))
        return min(max(self.policy.reportPeriod, needed), .seconds(60))
    }

    /// Takes a report that came from `address`; nil when its pieces are not well-formed. Only a peer that has announced
    /// itself from there, with the same name and key, is believed.
    package mutating func report(
        _ report: PieceReport, _ payload: Span<UInt8>, from address: IPAddress, at now: Instant
    ) -> PieceReportAnswer? {
        self.verdict(report, payload, from: address, at: now).map { verdict in
            PieceReportAnswer(epoch: self.epoch, period: self.reportPeriod, verdict: verdict)
        }
    }

    private mutating func verdict(
        _ report: PieceReport, _ payload: Span<UInt8>, from address: IPAddress, at now: Instant
    ) -> PieceReportAnswer.Verdict? {
        guard let (position, entry) = self.registration(of: report.peer, from: address) else { return .unregistered }
        guard !entry.isSeed, report.pieceCount <= self.policy.maximumPieces,
            let map = self.map(at: position, report, entry.identity)
        else { return .unwanted }
        let (before, reporters) = (map.byteCount, map.reporterCount)
        let seconds = Self.seconds(now)
        let patience = 3 * Self.seconds(self.reportPeriod) + Self.silence
        let verdict = map.take(
            report, payload, from: PeerEndpoint(address: address, port: report.peer.port),
            PieceMap.Context(
                identity: entry.identity, epoch: self.epoch, deadline: seconds.addingClamped(patience),
                room: self.policy.maximumMapBytes - self.mapBytes, mostPerAddress: self.policy.reportersPerAddress))
        self.mapBytes += map.byteCount - before
        self.reporters += map.reporterCount - reporters
        return verdict
    }

    /// Where a peer's torrent is and what its announces said, if it has announced itself from this address.
    func registration(
        of peer: MappedPeer, from address: IPAddress
    ) -> (position: Int, entry: (identity: UInt32, isSeed: Bool))? {
        guard let position = self.find(peer.infoHash),
            let entry = self.torrents[position].entry(
                PeerEndpoint(address: address, port: peer.port), seed: self.seed),
            // An announce without a key and one with the key 0 are the same.
            entry.identity == PeerHash.identity(peer.peerID, key: peer.key, seed: self.seed)
        else { return nil }
        return (position, entry)
    }

    /// The map of a torrent; nil when it has another number of pieces or there is no room for it.
    private mutating func map(at position: Int, _ report: PieceReport, _ identity: UInt32) -> PieceMap? {
        if let map = self.maps[Int(self.torrents[position].mapNumber)] {
            if map.pieceCount == report.pieceCount { return map }
            guard map.rivals.note(identity, report.pieceCount) > map.reporterCount else { return nil }
            self.dropMap(at: position)
        }
        guard self.mapBytes + PieceMap.byteCount(pieceCount: report.pieceCount) <= self.policy.maximumMapBytes else {
            return nil
        }
        let map = PieceMap(
            infoHash: report.peer.infoHash, pieceCount: report.pieceCount, seed: self.seed)
        let number = self.freeMaps.popLast() ?? UInt32(self.maps.count)
        if Int(number) == self.maps.count { self.maps.append(map) } else { self.maps[Int(number)] = map }
        self.torrents[position].mapNumber = number
        self.mapBytes += map.byteCount
        return map
    }

    mutating func dropMap(at position: Int) {
        let number = self.torrents[position].mapNumber
        guard number != 0, let map = self.maps[Int(number)] else { return }
        self.mapBytes -= map.byteCount
        self.reporters -= map.reporterCount
        self.maps[Int(number)] = nil
        self.freeMaps.append(number)
        self.torrents[position].mapNumber = 0
    }

    /// A peer that announces has left, or needs nothing any more.
    mutating func leaveMap(_ announcement: Announcement, at position: Int) {
        guard let map = self.maps[Int(self.torrents[position].mapNumber)] else { return }
        self.leave(map, announcement.endpoint)
        if let other = announcement.otherEndpoint { self.leave(map, other) }
    }

    mutating func leave(_ map: PieceMap, _ endpoint: PeerEndpoint) {
        guard let slot = map.slot(of: endpoint) else { return }
        let before = map.byteCount
        map.remove(slot)
        self.reporters -= 1
        self.mapBytes += map.byteCount - before
    }

    /// Forgets reporters that have fallen silent: they are not handed out either, until they announce again.
    mutating func expireReporters(at now: UInt32, budget: Int) {
        var budget = budget
        var visits = self.maps.count
        while budget > 0, visits > 0 {
            visits -= 1
            budget -= 1
            self.expiryMap = self.expiryMap + 1 < self.maps.count ? self.expiryMap + 1 : 0
            guard let map = self.maps[self.expiryMap], let position = self.find(map.infoHash) else { continue }
            var gone: [PeerEndpoint] = []
            let before = (bytes: map.byteCount, reporters: map.reporterCount)
            map.expire(at: now, budget: &budget) { gone.append($0) }
            self.reporters += map.reporterCount - before.reporters
            self.mapBytes += map.byteCount - before.bytes
            let (seed, census) = (self.seed, self.census)
            if !gone.isEmpty {
                self.update(position) { torrent in
                    for endpoint in gone { torrent.remove(endpoint, seed: seed, census: census) }
                }
            }
            if map.reporterCount == 0 { self.dropMap(at: position) }
            self.dropIfAbandoned(position, at: now)
        }
    }
}
