// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What a tracker answers to a report, or to a question about pieces.
package enum PieceAnswer: Hashable, Sendable {
    /// What became of a report.
    case reported(PieceReportAnswer)
    /// Who has the pieces, in the order of the question.
    case holders(epoch: UInt32, [PieceHoldersEntry])
    /// How many have each piece from `first` on.
    case availability(PieceAvailability)
    /// The pieces that the fewest have, the rarest first.
    case rarest(epoch: UInt32, seeds: UInt32, [PieceRarity])
    /// A refusal, in the tracker's words.
    case refused(String)
    /// `host:port` of each tracker that would look after the torrent next, the nearest first; none without a cluster.
    case nodes([String])
    /// Another tracker looks after the torrent: `host:port` of each that might, the owner first.
    case moved([String])

    /// Most bytes of a refusal that are kept.
    private static let longestText = 500

    /// Reads an answer, whose transaction has been looked at; nil when it is none. Addresses have eighteen bytes where the
    /// tracker was asked over IPv6, else six.
    package init?(datagram: Span<UInt8>, isV6: Bool) {
        guard datagram.count >= 8 else { return nil }
        let body = datagram.extracting(8..<datagram.count)
        if datagram.number32(at: 0) == DatagramAction.error.rawValue {
            let text = (0..<min(body.count, Self.longestText)).map { body[$0] }
            self = .refused(String(decoding: text, as: UTF8.self))
            return
        }
        if datagram.number32(at: 0) == PieceRedirection.action {
            guard let trackers = Self.trackers(body), !trackers.isEmpty else { return nil }
            self = .moved(trackers)
            return
        }
        guard let action = PieceAction(rawValue: datagram.number32(at: 0)), body.count >= 4 || action == .nodes else {
            return nil
        }
        switch action {
        case .nodes:
            guard let trackers = Self.trackers(body) else { return nil }
            self = .nodes(trackers)
        case .report:
            guard let answer = PieceReportAnswer(body: body) else { return nil }
            self = .reported(answer)
        case .holders:
            guard let entries = Self.holders(body, width: isV6 ? 18 : 6) else { return nil }
            self = .holders(epoch: body.number32(at: 0), entries)
        case .availability:
            guard let availability = PieceAvailability(body: body) else { return nil }
            self = .availability(availability)
        case .rarest:
            guard body.count >= 8, (body.count - 8) % 8 == 0 else { return nil }
            let pieces = stride(from: 8, to: body.count, by: 8).map {
                PieceRarity(piece: PieceIndex(body.number32(at: $0)), holders: body.number32(at: $0 + 4))
            }
            self = .rarest(epoch: body.number32(at: 0), seeds: body.number32(at: 4), pieces)
        }
    }

    private static func trackers(_ body: Span<UInt8>) -> [String]? {
        var trackers: [String] = []
        var position = 0
        while position < body.count, trackers.count < PieceRedirection.mostTrackers {
            let end = position + 1 + Int(body[position])
            guard end <= body.count else { return nil }
            let text = (position + 1..<end).map { body[$0] }
            guard TrackerAuthority.isPlain(text) else { return nil }
            trackers.append(String(decoding: text, as: UTF8.self))
            position = end
        }
        return trackers
    }

    private static func holders(_ body: Span<UInt8>, width: Int) -> [PieceHoldersEntry]? {
        var entries: [PieceHoldersEntry] = []
        var position = 4
        while position < body.count {
            guard position + 10 <= body.count else { return nil }
            let count = Int(body.number16(at: position + 8))
            let end = position + 10 + count * width
            guard end <= body.count else { return nil }
            let peers = stride(from: position + 10, to: end, by: width).compactMap { start in
                PeerEndpoint(compact: (start..<start + width).map { body[$0] })
            }
            entries.append(
                PieceHoldersEntry(
                    piece: PieceIndex(body.number32(at: position)), holders: body.number32(at: position + 4),
                    peers: peers.filter { $0.port != 0 && !$0.address.isUnspecified }))
            position = end
        }
        return entries
    }
}
