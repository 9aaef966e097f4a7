// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

extension PieceMap {
    /// What a report is taken with.
    struct Context {
        let identity: UInt32
        let epoch: UInt32
        /// Until when the peer counts as present.
        let deadline: UInt32
        /// Bytes that the map may still grow by.
        let room: Int
        /// Reporters that one address may have.
        let mostPerAddress: Int
    }

    /// Takes a report from a peer that is known to be at `endpoint`; nil when its pieces are not well-formed, which
    /// changes nothing. Late and repeated reports are harmless: only what both sides count in the end decides.
    func take(
        _ report: PieceReport, _ payload: Span<UInt8>, from endpoint: PeerEndpoint, _ context: Context
    ) -> PieceReportAnswer.Verdict? {
        guard report.encoding.forEachRun(in: payload, pieceCount: self.pieceCount, { _, _ in }) else { return nil }
        let slot: Int
        if let known = self.slot(of: endpoint) {
            slot = known
            // Another client took over the address.
            if self.reporters[slot].identity != context.identity {
                self.clear(slot)
                self.change(slot) { $0.identity = context.identity }
                guard report.isWhole else { return .resync }
            }
        } else {
            guard report.isWhole else { return .resync }
            guard self.growth <= context.room, !self.isCrowded(endpoint.address, limit: context.mostPerAddress) else {
                return .unwanted
            }
            slot = self.insert(endpoint, identity: context.identity)
        }
        self.change(slot) { $0.deadline = context.deadline }
        if report.isWhole {
            self.clear(slot)
        } else {
            guard report.epoch == context.epoch else { return .resync }
            guard Int32(bitPattern: report.sequence &- self.reporters[slot].sequence) > 0 else {
                return self.verdict(slot, report)
            }
        }
        _ = report.encoding.forEachRun(in: payload, pieceCount: self.pieceCount) { self.add($0, $1, to: slot) }
        self.change(slot) { $0.sequence = report.sequence }
        return self.verdict(slot, report)
    }

    private func verdict(_ slot: Int, _ report: PieceReport) -> PieceReportAnswer.Verdict {
        let reporter = self.reporters[slot]
        return reporter.count == report.sum.count && reporter.mixed == report.sum.mixed ? .known : .resync
    }

    /// Forgets reporters whose deadline has passed, looking at `budget` at most and going on from there the next time.
    /// `body` is told of each.
    func expire(at now: UInt32, budget: inout Int, _ body: (PeerEndpoint) -> Void) {
        var looks = min(budget, self.reporterCount)
        budget -= looks
        while looks > 0, self.reporterCount > 0 {
            looks -= 1
            if self.expiryPlace == 0 || self.expiryPlace > self.reporterCount {
                self.expiryPlace = self.reporterCount
            }
            self.expiryPlace -= 1
            let slot = Int(self.present[self.expiryPlace].slot)
            guard self.reporters[slot].deadline < now else { continue }
            let endpoint = self.reporters[slot].endpoint
            self.remove(slot)
            body(endpoint)
        }
        self.shrink()
    }
}
