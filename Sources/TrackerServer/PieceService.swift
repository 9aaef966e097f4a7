// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerCore
import TrackerWire

/// Answers reports and questions about pieces. Over UDP and HTTP they are the same bytes from their action on.
final class PieceService {
    /// Most bytes of a request over HTTP: a bitmap of as many pieces as a torrent may have.
    static let longestRequest = 8 + PieceReport.length + 5 + Int(PieceReport.maximumPieces) / 8
    /// Most holders named for one piece, and most pieces told of as the rarest.
    private static let mostHolders = 64
    private static let mostRarest = 256

    private let shards: SwarmShards
    private var selection = PeerSelection()

    init(shards: SwarmShards) {
        self.shards = shards
    }

    /// Writes the answer to a request whose head has been read; `body` is what follows its transaction. `limit` is how
    /// many bytes the answer may have. False, and nothing written, when the request makes no sense.
    func answer(
        _ action: PieceAction, transaction: UInt32, _ body: Span<UInt8>, from address: IPAddress, at now: Instant,
        limit: Int, into writer: inout DatagramWriter
    ) -> Bool {
        if action == .report {
            guard let report = PieceReport(body: body) else { return false }
            if let trackers = self.shards.elsewhere(report.peer.infoHash) {
                writer.moved(to: trackers, transaction: transaction)
                return true
            }
            let payload = body.extracting(PieceReport.length..<body.count)
            guard let answer = self.shards.report(report, payload, from: address, at: now) else { return false }
            writer.reported(answer, transaction: transaction)
            return true
        }
        guard let question = PieceQuestion(action, body: body) else { return false }
        if let trackers = self.shards.elsewhere(question.peer.infoHash) {
            writer.moved(to: trackers, transaction: transaction)
            return true
        }
        guard self.shards.isRegistered(question.peer, from: address) else {
            writer.refused("announce first: only peers of the torrent are answered", transaction: transaction)
            return true
        }
        let infoHash = question.peer.infoHash
        let asker = PeerEndpoint(address: address, port: question.peer.port)
        switch question.subject {
        case .holders(let pieces, let wanted):
            writer.holders(epoch: self.shards.epoch(of: infoHash), transaction: transaction)
            self.writeHolders(of: pieces, in: infoHash, Int(wanted), for: asker, limit: limit, into: &writer)
        case .availability(let first, let count):
            guard let answer = self.shards.availability(of: infoHash, first: first, min(Int(count), limit - 28)) else {
                return false
            }
            writer.availability(answer, transaction: transaction)
        case .nodes: writer.nodes(self.shards.successors(of: infoHash), transaction: transaction)
        case .rarest(let count):
            let pieces = self.shards.rarest(
                min(Int(count), Self.mostRarest, (limit - 16) / 8), of: infoHash, for: asker)
            writer.rarest(
                epoch: self.shards.epoch(of: infoHash), seeds: self.shards.counts(of: infoHash)?.complete ?? 0, pieces,
                transaction: transaction)
        }
        return true
    }

    private func writeHolders(
        of pieces: [PieceIndex], in infoHash: InfoHash, _ wanted: Int, for asker: PeerEndpoint, limit: Int,
        into writer: inout DatagramWriter
    ) {
        let isV6 = asker.address.isV6
        let width = isV6 ? 18 : 6
        for (index, piece) in pieces.enumerated() {
            // What is left is for the pieces that are still to come, too.
            let room = (limit - writer.count) / (pieces.count - index) - 10
            let most = max(min(wanted, Self.mostHolders, room / width), 0)
            let count = self.shards.holders(of: piece, in: infoHash, most, for: asker, isV6: isV6, &self.selection)
            writer.holders(
                of: piece, count: count,
                packed: isV6 ? self.selection.packedV6.bytes : self.selection.packedV4.bytes, width: width)
        }
    }
}
