// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension MetadataFetch {
    /// What an answer was.
    package enum Outcome: Hashable, Sendable {
        /// It brought the whole nearer, or came too late to do so.
        case accepted
        /// It cannot be true: the piece, its length or the whole's size is not what the peer said.
        case wrong
        /// It was the last piece: hash these bytes and call `judge`.
        case whole([UInt8])
    }

    /// A piece came from a peer. `totalSize` is what the message told.
    package mutating func received(
        _ piece: Int, totalSize: Int?, _ bytes: some Collection<UInt8>, from slot: PeerSlot, at now: Instant
    ) -> Outcome {
        guard let source = self.sources[slot] else { return .wrong }
        guard totalSize == nil || totalSize == source.size, let length = Self.length(of: piece, size: source.size),
            bytes.count == length
        else { return .wrong }
        // What was not asked for, or was given up, is no crime and no use.
        guard let place = source.asked.firstIndex(where: { $0.piece == piece }) else { return .accepted }
        self.sources[slot]?.asked.remove(at: place)
        self.sources[slot]?.pause = Self.pauses.first
        guard !self.isJudging, var attempt = self.attempt, attempt.size == source.size, attempt.pieces[piece] == nil
        else { return .accepted }
        self.attempt = nil
        attempt.pieces[piece] = Array(bytes)
        attempt.senders[piece] = slot
        attempt.missing -= 1
        self.attempt = attempt
        guard attempt.missing == 0 else { return .accepted }
        self.isJudging = true
        return .whole(attempt.bytes)
    }

    /// A peer refuses a piece.
    package mutating func rejected(_ piece: Int, by slot: PeerSlot, at now: Instant) {
        guard self.sources[slot]?.asked.contains(where: { $0.piece == piece }) == true else { return }
        self.rest(slot, at: now)
    }

    /// Whether the whole matches. Gives those who lied for sure: they are no sources any more.
    package mutating func judge(isRight: Bool) -> [PeerSlot] {
        guard self.isJudging, let attempt else { return [] }
        self.isJudging = false
        for slot in self.sources.keys { self.sources[slot]?.asked = [] }
        if isRight { return self.liars(beside: attempt) }
        self.attempt = nil
        self.isWary = true
        let senders = Set(attempt.senders)
        guard senders.count == 1, let culprit = senders.first.flatMap({ $0 }) else {
            self.failed = attempt
            return []
        }
        self.left(culprit)
        return [culprit]
    }

    /// Those who told of another size, or sent other bytes before.
    private mutating func liars(beside attempt: Attempt) -> [PeerSlot] {
        var liars = Set(self.sources.filter { $0.value.size != attempt.size }.map(\.key))
        if let failed, failed.size == attempt.size {
            for index in failed.pieces.indices where failed.pieces[index] != attempt.pieces[index] {
                if let sender = failed.senders[index] { liars.insert(sender) }
            }
        }
        self.failed = nil
        for slot in liars { self.sources[slot] = nil }
        return liars.sorted()
    }

    private static func length(of piece: Int, size: Int) -> Int? {
        let count = (size + Self.pieceLength - 1) / Self.pieceLength
        guard piece >= 0, piece < count else { return nil }
        return piece == count - 1 ? size - piece * Self.pieceLength : Self.pieceLength
    }
}

extension MetadataFetch.Attempt {
    fileprivate var bytes: [UInt8] {
        var whole: [UInt8] = []
        whole.reserveCapacity(self.size)
        for piece in self.pieces { whole += piece ?? [] }
        return whole
    }
}
