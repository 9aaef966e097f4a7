// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmModel
import TrackerWire

extension PieceMapClient {
    /// Pieces that so many have, or fewer, are reported soon.
    static let rare: UInt32 = 2
    /// How long a tracker may take to answer.
    private static let timeout = Interval.seconds(4)
    /// Pieces whose counts are asked for at a time over UDP; over HTTP all at once.
    private static let countsPerDatagram: UInt16 = 1300
    private static let countsPerRequest: UInt16 = 65_000
    /// Between two questions for holders, and for what nobody has.
    private static let holdersPause = Interval.seconds(10)
    private static let unsentPause = Interval.seconds(5)
    private static let unsentCount: UInt16 = 150
    private static let holdersWanted: UInt16 = 8

    /// Reports what is here, when that is due.
    func report(_ infoHash: InfoHash) async {
        guard let torrent = self.torrents[infoHash]?.value.torrent, let have = await torrent.have(),
            have.count == torrent.pieceCount, var standing = self.torrents[infoHash]?.value, let url = standing.url
        else { return }
        let now = self.now
        if standing.reporting == nil {
            guard let source = self.client.pieceSource(for: url, failures: standing.failures) else { return }
            standing.source = source
            standing.reporting = PieceReporting(
                peer: self.peer(infoHash, source), have: have, random: SplitMix64(seed: self.random.next()), at: now)
        }
        let isRare = standing.hasRareNews(have)
        standing.reporting?.update(have: have, isUrgent: isRare, at: now)
        standing.have = have
        let message = standing.reporting?.next(at: now)
        self.torrents[infoHash] = Boxed(standing)
        guard let message, let source = standing.source else { return }
        let answer = await self.ask(infoHash, url, source) { connectionID, transaction in
            message.report.datagram(
                connectionID: connectionID, transaction: transaction, payload: message.payload)
        }
        guard self.torrents[infoHash]?.value.url == url else { return }
        guard case .reported(let verdict)? = answer else {
            self.torrents[infoHash]?.value.reporting?.failed(at: self.now)
            self.torrents[infoHash]?.value.failed(at: self.now)
            self.trySource(infoHash)
            return
        }
        self.torrents[infoHash]?.value.reporting?.answered(verdict, to: message, at: self.now)
        if verdict.verdict == .unregistered { await self.torrents[infoHash]?.value.torrent.wasForgotten() }
    }

    /// Asks how many have which pieces, as often as reports go out.
    func askCounts(_ infoHash: InfoHash) async {
        guard let standing = self.torrents[infoHash]?.value, let url = standing.url, let source = standing.source,
            let reporting = standing.reporting, reporting.isKnown, standing.countsDue.map({ $0 <= self.now }) ?? true
        else { return }
        self.torrents[infoHash]?.value.countsDue = self.now + reporting.period
        let limit = url.lowercased().hasPrefix("udp:") ? Self.countsPerDatagram : Self.countsPerRequest
        let subject = PieceQuestion.Subject.availability(first: PieceIndex(standing.nextCount), count: limit)
        guard case .availability(let answer)? = await self.ask(infoHash, subject, url, source),
            var changed = self.torrents[infoHash]?.value, Int(answer.pieceCount) == changed.torrent.pieceCount
        else { return }
        let counts = answer.counts.map { UInt32($0) + answer.seeds }
        if changed.counts.isEmpty { changed.counts = Array(repeating: .max, count: changed.torrent.pieceCount) }
        for (index, count) in counts.enumerated() where answer.first.offset + index < changed.counts.count {
            changed.counts[answer.first.offset + index] = count
        }
        let next = answer.first.offset + counts.count
        changed.nextCount = next < changed.torrent.pieceCount ? next : 0
        self.torrents[infoHash] = Boxed(changed)
        if !counts.isEmpty { changed.torrent.take(answer.first, counts: counts) }
    }

    /// Asks who has the pieces that no connected peer has.
    func askHolders(_ infoHash: InfoHash) async {
        guard let standing = self.torrents[infoHash]?.value, let url = standing.url, let source = standing.source,
            standing.reporting?.isKnown == true, standing.holdersDue.map({ $0 <= self.now }) ?? true
        else { return }
        self.torrents[infoHash]?.value.holdersDue = self.now + Self.holdersPause
        let lonely = await standing.torrent.lonelyPieces()
        guard !lonely.isEmpty else { return }
        let subject = PieceQuestion.Subject.holders(
            Array(lonely.prefix(PieceQuestion.maximumPieces)), wanted: Self.holdersWanted)
        guard case .holders(_, let entries)? = await self.ask(infoHash, subject, url, source) else { return }
        let peers = entries.flatMap(\.peers)
        if !peers.isEmpty { standing.torrent.take(holders: peers) }
    }

    /// Asks what nobody has, for a source.
    func askUnsent(_ infoHash: InfoHash) async {
        guard var standing = self.torrents[infoHash]?.value, let url = standing.url,
            standing.unsentDue.map({ $0 <= self.now }) ?? true
        else { return }
        standing.unsentDue = self.now + Self.unsentPause
        standing.source = self.client.pieceSource(for: url, failures: standing.failures)
        self.torrents[infoHash] = Boxed(standing)
        guard let source = standing.source else { return }
        switch await self.ask(infoHash, .rarest(count: Self.unsentCount), url, source) {
        case .rarest(_, _, let pieces)?:
            standing.torrent.take(unsent: pieces.filter { $0.holders == 0 }.map(\.piece))
        case .refused?:
            // A restarted tracker does not know its seeds either.
            await standing.torrent.wasForgotten()
            self.torrents[infoHash]?.value.unsentDue = self.now + Self.unsentPause + Self.unsentPause
        case .reported?, .holders?, .availability?, .nodes?, .moved?, nil:
            self.torrents[infoHash]?.value.failed(at: self.now)
        }
    }

    /// Reports that get no answer may get one from another address of ours.
    private func trySource(_ infoHash: InfoHash) {
        guard let standing = self.torrents[infoHash]?.value, let url = standing.url,
            let source = self.client.pieceSource(for: url, failures: standing.failures), source != standing.source,
            !standing.isProven
        else { return }
        self.torrents[infoHash]?.value.reporting = nil
    }

    private func ask(
        _ infoHash: InfoHash, _ subject: PieceQuestion.Subject, _ url: String, _ source: AnnounceSource
    ) async -> PieceAnswer? {
        let question = PieceQuestion(peer: self.peer(infoHash, source), subject: subject)
        return await self.ask(infoHash, url, source) { connectionID, transaction in
            question.datagram(connectionID: connectionID, transaction: transaction)
        }
    }

    private func ask(
        _ infoHash: InfoHash, _ url: String, _ source: AnnounceSource, _ message: @escaping PieceMessage
    ) async -> PieceAnswer? {
        do throws(TrackerError) {
            let answer = try await self.client.ask(
                pieces: message, about: infoHash, of: url, from: source, timeout: Self.timeout)
            self.torrents[infoHash]?.value.isProven = true
            self.torrents[infoHash]?.value.failures = 0
            return answer
        } catch {
            if case .refused(let refusal) = error { return .refused(refusal.reason) }
            let logged = LoggedURL(url)
            self.logger.debug(
                "the piece map of \(logged) does not answer: \(logged.cleaned("\(error)"))",
                metadata: ["torrent.id": "\(infoHash)", "tracker.url": "\(logged)"])
            return nil
        }
    }

    private func peer(_ infoHash: InfoHash, _ source: AnnounceSource) -> MappedPeer {
        MappedPeer(
            infoHash: infoHash, peerID: self.configuration.peerID, key: self.configuration.key, port: source.port)
    }
}
