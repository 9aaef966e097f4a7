// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerCore
import TrackerWire

/// Answers the datagrams of one worker (BEP 15, 41, and those about pieces). Who has not proved its address gets no more bytes than it sent,
/// and what makes no sense gets none, so that nobody can be flooded by way of the tracker.
final class DatagramService {
    /// Most bytes of an answer: what any path carries in one piece, IPv6 and tunnels included.
    private static let answerLimit = 1400

    private let shards: SwarmShards
    private let pieces: PieceService
    private var issuer: ConnectionIDIssuer
    private var rules = AccessRules()
    private var selection = PeerSelection()
    /// What was counted since `takeTally`.
    private var tally = DatagramTally()

    init(shards: SwarmShards, issuer: ConnectionIDIssuer) {
        self.shards = shards
        self.pieces = PieceService(shards: shards)
        self.issuer = issuer
    }

    /// Goes on by another life of connection ids and other rules.
    func change(lifetime: Interval, rules: AccessRules) {
        self.issuer.lifetime = lifetime
        self.rules = rules
    }

    /// What was counted since the last call.
    func takeTally() -> DatagramTally {
        defer { self.tally = DatagramTally() }
        return self.tally
    }

    /// Writes the answer to a datagram from `sender`; nothing when there is none.
    func answer(_ datagram: Span<UInt8>, from sender: PeerEndpoint, at now: Instant, into writer: inout DatagramWriter)
    {
        guard let head = DatagramHead(datagram: datagram), sender.port != 0 else {
            self.tally.badRequests += 1
            return
        }
        let action = DatagramAction(rawValue: head.action)
        if action == .connect, head.connectionID == DatagramHead.protocolID {
            self.tally.connects += 1
            writer.connected(self.issuer.issue(to: sender.address, at: now), transaction: head.transaction)
            return
        }
        if let action = PieceAction(rawValue: head.action) {
            if action == .report { self.tally.reports += 1 }
            self.answer(action, datagram, head, sender, now, &writer)
            return
        }
        guard let action, self.issuer.accepts(head.connectionID, from: sender.address, at: now) else {
            self.turnAway(datagram, head, action, &writer)
            return
        }
        switch action {
        case .announce: self.announce(datagram, head, sender, now, &writer)
        case .scrape: self.scrape(datagram, head, &writer)
        case .connect, .error: self.tally.badRequests += 1
        }
    }

    private func answer(
        _ action: PieceAction, _ datagram: Span<UInt8>, _ head: DatagramHead, _ sender: PeerEndpoint, _ now: Instant,
        _ writer: inout DatagramWriter
    ) {
        guard datagram.count >= DatagramHead.length + MappedPeer.length else {
            self.tally.badRequests += 1
            return
        }
        guard self.issuer.accepts(head.connectionID, from: sender.address, at: now) else {
            self.tally.staleConnectionIDs += 1
            writer.refused("connection id expired", transaction: head.transaction)
            return
        }
        self.tally.pieceRequests += 1
        let body = datagram.extracting(DatagramHead.length..<datagram.count)
        let isAnswered = self.pieces.answer(
            action, transaction: head.transaction, body, from: sender.address, at: now, limit: Self.answerLimit,
            into: &writer)
        if !isAnswered { self.tally.badRequests += 1 }
    }

    /// The client is told to connect anew, in fewer bytes than any announce or scrape has.
    private func turnAway(
        _ datagram: Span<UInt8>, _ head: DatagramHead, _ action: DatagramAction?, _ writer: inout DatagramWriter
    ) {
        switch action {
        case .announce where datagram.count >= AnnounceRequest.datagramLength, .scrape where datagram.count >= 36:
            self.tally.staleConnectionIDs += 1
            writer.refused("connection id expired", transaction: head.transaction)
        case .announce, .scrape, .connect, .error, nil: self.tally.badRequests += 1
        }
    }

    private func announce(
        _ datagram: Span<UInt8>, _ head: DatagramHead, _ sender: PeerEndpoint, _ now: Instant,
        _ writer: inout DatagramWriter
    ) {
        guard let request = AnnounceRequest(datagram: datagram) else {
            self.tally.badRequests += 1
            return
        }
        self.tally.announces += 1
        if !self.rules.isOpen, let no = self.rejection(of: request, datagram, from: sender.address) {
            self.refuse(no, head, &writer)
            return
        }
        let address = sender.address
        var announcement = Announcement(request, from: address, believesAddresses: address.isNeighbour)
        announcement.takesBothFamilies = false
        let width = address.isV6 ? 18 : 6
        announcement.mostWanted = (Self.answerLimit - 20) / width
        let decision: AnnounceDecision
        do throws(AnnounceRejection) {
            decision = try self.shards.announce(announcement, at: now, into: &self.selection)
        } catch {
            self.refuse(error, head, &writer)
            return
        }
        writer.announced(
            interval: decision.interval, incomplete: decision.counts.incomplete, complete: decision.counts.complete,
            transaction: head.transaction)
        if address.isV6 { writer.append(self.selection.packedV6) } else { writer.append(self.selection.packedV4) }
    }

    /// A passkey is in path or query, which come as options (BEP 41).
    private func rejection(
        of request: AnnounceRequest, _ datagram: Span<UInt8>, from address: IPAddress
    ) -> AnnounceRejection? {
        let target = URLData(datagram: datagram).bytes
        return self.rules.rejection(
            of: request.infoHash, passkey: TrackerTarget(target.span).passkey(in: target.span), from: address)
    }

    private func refuse(_ rejection: AnnounceRejection, _ head: DatagramHead, _ writer: inout DatagramWriter) {
        self.tally.refusals += 1
        writer.refused(rejection.description, transaction: head.transaction)
    }

    private func scrape(_ datagram: Span<UInt8>, _ head: DatagramHead, _ writer: inout DatagramWriter) {
        guard let request = ScrapeRequest(datagram: datagram) else {
            self.tally.refusals += 1
            writer.refused("a scrape names 1 to 74 torrents", transaction: head.transaction)
            return
        }
        self.tally.scrapes += 1
        writer.scraped(transaction: head.transaction)
        for infoHash in request.infoHashes {
            // A scrape has no options, so nobody can show a passkey with it: members are counted for members only.
            let isShown = self.rules.passkeys == nil && self.rules.rejection(of: infoHash) == nil
            let counts = isShown ? self.shards.counts(of: infoHash) ?? SwarmCounts() : SwarmCounts()
            writer.tally(complete: counts.complete, downloaded: counts.downloaded, incomplete: counts.incomplete)
        }
    }
}

extension DatagramWriter {
    fileprivate mutating func append(_ peers: PackedPeers) {
        self.append(upTo: peers.count) { target in
            peers.copy(to: target)
            return peers.count
        }
    }
}
