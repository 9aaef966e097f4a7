// SPDX-License-Identifier: Apache-2.0

import PeerWire
package import SwarmModel

extension PeerSession {
    /// Requests of the peer that wait to be served.
    package var uploadQueueCount: Int { self.uploads.count }

    /// The waiting request at `index`, 0 being served next; it must exist.
    package func upload(at index: Int) -> BlockRange { self.uploads[index] }

    /// Appends the next `count` waiting requests, or as many as there are, and leaves them waiting.
    package func peekUploads(_ count: Int, into blocks: inout [BlockRange]) {
        for index in 0..<min(count, self.uploads.count) { blocks.append(self.uploads[index]) }
    }

    /// The next request to be served, left waiting.
    package func peekUpload() -> BlockRange? { self.uploads.first }

    /// Takes the next request to be served: answer it with a PIECE message or with `reject`.
    package mutating func popUpload() -> BlockRange? { self.uploads.popFirst() }

    /// Tells that a request which was taken cannot be served.
    package mutating func reject(_ block: BlockRange) {
        guard self.phase == .established, self.usesFast else { return }
        MessageWriter.reject(block, into: &self.output)
    }

    /// Tells that a PIECE message with this block was written to the connection.
    package mutating func blockSent(_ block: BlockRange) {
        self.lastSent = self.now
        self.uploadMeter.add(Int(block.length))
    }

    /// Chokes or unchokes the peer. Choking empties the upload queue; before the handshake it is only remembered.
    package mutating func setChoking(_ isChoking: Bool) {
        guard self.isChoking != isChoking else { return }
        self.isChoking = isChoking
        self.requestsWhileChoked = 0
        guard self.phase == .established else { return }
        guard isChoking else { return MessageWriter.unchoke(into: &self.output) }
        MessageWriter.choke(into: &self.output)
        // What was allowed while choked stays (BEP 6).
        for _ in 0..<self.uploads.count {
            guard let block = self.uploads.popFirst() else { break }
            if self.grantedPieces.contains(block.piece) { self.uploads.append(block) } else { self.reject(block) }
        }
    }

    /// Tells the peer whether it has something that we want; before the handshake it is only remembered.
    package mutating func setInterested(_ isInterested: Bool) {
        guard self.isInterested != isInterested else { return }
        self.isInterested = isInterested
        guard self.phase == .established else { return }
        if isInterested {
            MessageWriter.interested(into: &self.output)
        } else {
            MessageWriter.notInterested(into: &self.output)
        }
    }

    /// Tells the peer of a piece that we have now; before the handshake it goes into our bitfield.
    package mutating func announceHave(_ piece: PieceIndex) {
        guard self.have.insert(piece), self.phase == .established else { return }
        MessageWriter.have(piece, into: &self.output)
    }

    /// Tells the peer which piece to ask for (BEP 6).
    package mutating func suggest(_ piece: PieceIndex) {
        guard self.phase == .established, self.usesFast else { return }
        MessageWriter.suggest(piece, into: &self.output)
    }

    /// Tells the peer of several pieces that we have now.
    package mutating func announceHaves(_ pieces: some Sequence<PieceIndex>) {
        for piece in pieces { self.announceHave(piece) }
    }

    /// Lets the peer ask for pieces although it is choked (BEP 6), each twice at most. Once a session.
    package mutating func allowFast(_ pieces: [PieceIndex]) {
        guard self.phase == .established, self.usesFast, self.grantedPieces.isEmpty else { return }
        for piece in pieces where self.configuration.geometry.contains(piece) && self.have[piece] {
            self.grantedPieces.append(piece)
            self.grantedBlocks += 2 * self.configuration.geometry.blockCount(of: piece)
            MessageWriter.allowedFast(piece, into: &self.output)
        }
    }

    /// Whether a request is answered although the peer is choked; counts it.
    private mutating func isGranted(_ block: BlockRange) -> Bool {
        guard self.grantedBlocks > 0, self.grantedPieces.contains(block.piece) else { return false }
        self.grantedBlocks -= 1
        return true
    }

    mutating func receiveRequest(_ block: BlockRange, into events: inout [PeerEvent]) {
        self.greeting = .over
        guard self.configuration.geometry.contains(block), block.length <= WireLimits.blockLength else {
            return self.violate(.requestOutOfRange, into: &events)
        }
        self.cancellableRequests += 1
        guard !self.isChoking || self.isGranted(block) else {
            self.reject(block)
            self.requestsWhileChoked += 1
            // As many as we let it ask for may have been under way when we choked it.
            guard self.requestsWhileChoked > self.configuration.acceptedRequestLimit else { return }
            return self.violate(.requestWhileChoked, into: &events)
        }
        guard self.have[block.piece] else {
            self.reject(block)
            return self.violate(.requestForMissingPiece, into: &events)
        }
        guard self.uploads.count < self.configuration.acceptedRequestLimit else {
            self.reject(block)
            return self.violate(.tooManyRequests, into: &events)
        }
        self.uploads.append(block)
        events.append(.requested(block))
    }

    /// Each CANCEL takes a look at the whole queue, so there may be no more of them than there were requests.
    mutating func receiveCancel(_ block: BlockRange, into events: inout [PeerEvent]) {
        guard self.cancellableRequests > 0 else { return self.violate(.needlessCancel, into: &events) }
        self.cancellableRequests -= 1
        for index in 0..<self.uploads.count where self.uploads[index] == block {
            self.uploads.remove(at: index)
            self.reject(block)
            events.append(.cancelled(block))
            return
        }
    }
}
