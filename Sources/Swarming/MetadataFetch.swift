// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Fetches a torrent's metadata from peers (BEP 9): pieces of 16 KiB, asked of several peers at once. Knows no sockets and
/// no hashes; a value of one loop.
///
/// Peers may lie about the size or the bytes. What most peers say is tried first. When a whole does not match, nobody is to
/// blame for sure if several had a hand in it; the next whole is fetched from one peer alone, so that every further failure
/// has a culprit, and when one matches at last, those who sent other bytes before are known too. Memory is that of two
/// wholes at most, and grows with what came, never with what was claimed.
package struct MetadataFetch {
    /// The largest metadata in bytes that are fetched.
    package static let greatestSize = 16 << 20
    /// Pieces asked of one peer at a time.
    static let window = 4
    /// A piece that has not come after so long is asked of others.
    static let patience = Interval.seconds(15)
    /// How long a peer that refused or did not answer is left alone, at first and at most.
    static let pauses = (first: Interval.seconds(5), last: Interval.seconds(80))
    /// Bytes of a piece but the last.
    static let pieceLength = Int(TorrentGeometry.blockLength)

    struct Source {
        let size: Int
        let serial: Int
        var asked: [(piece: Int, at: Instant)] = []
        var restsUntil: Instant
        var pause = MetadataFetch.pauses.first
    }

    /// A whole, or what there is of it, and who sent each piece.
    struct Attempt {
        let size: Int
        var pieces: [[UInt8]?]
        var senders: [PeerSlot?]
        var missing: Int
        /// The one peer that is asked, when not all are.
        var only: PeerSlot?

        init(size: Int, only: PeerSlot?) {
            self.size = size
            self.only = only
            self.missing = (size + MetadataFetch.pieceLength - 1) / MetadataFetch.pieceLength
            self.pieces = Array(repeating: nil, count: self.missing)
            self.senders = Array(repeating: nil, count: self.missing)
        }
    }

    var sources: [PeerSlot: Source] = [:]
    var attempt: Attempt?
    /// A whole that did not match and came from several.
    var failed: Attempt?
    /// Wholes are fetched from one peer at a time.
    var isWary = false
    /// The whole is with the caller, to be hashed.
    package internal(set) var isJudging = false
    private var nextSerial = 0

    /// Nothing known yet.
    package init() {}

    /// Peers that have metadata to give.
    package var sourceCount: Int { self.sources.count }
    /// Bytes that are here of those that are being fetched.
    package var progress: (done: Int, total: Int) {
        guard let attempt else { return (0, 0) }
        return (min(attempt.size, (attempt.pieces.count - attempt.missing) * Self.pieceLength), attempt.size)
    }

    /// A peer says that it has metadata of `size` bytes. Whether that can be.
    package mutating func offered(_ size: Int, by slot: PeerSlot, at now: Instant) -> Bool {
        guard size > 0, size <= Self.greatestSize else { return false }
        guard self.sources[slot]?.size != size else { return true }
        self.left(slot)
        self.nextSerial += 1
        self.sources[slot] = Source(size: size, serial: self.nextSerial, restsUntil: now)
        return true
    }

    /// A peer is gone. What was asked of it is free for others; what it sent stays, but it cannot be blamed any more.
    package mutating func left(_ slot: PeerSlot) {
        self.sources[slot] = nil
        self.attempt?.forget(slot)
        self.failed?.forget(slot)
        guard self.attempt?.only == slot, !self.isJudging else { return }
        self.attempt = nil
    }

    /// What to ask of whom now. Call it when something changed, and about once a second.
    package mutating func nextRequests(at now: Instant, into requests: inout [(slot: PeerSlot, piece: Int)]) {
        guard !self.isJudging else { return }
        self.expire(at: now)
        self.beginIfIdle(at: now)
        guard let attempt else { return }
        for slot in self.order(at: now) where attempt.only == nil || attempt.only == slot {
            guard let source = self.sources[slot], source.size == attempt.size else { continue }
            for piece in self.pieces(Self.window - source.asked.count, for: source) {
                self.sources[slot]?.asked.append((piece, now))
                requests.append((slot, piece))
            }
        }
    }

    /// When `nextRequests` has something to do at the latest because of what has not come; nil when nothing is asked.
    package var nextTimeout: Instant? {
        self.sources.values.lazy.flatMap { $0.asked.lazy.map { $0.at + Self.patience } }.min()
    }

    /// Sources that may be asked, those who came first in front.
    private func order(at now: Instant) -> [PeerSlot] {
        self.sources.filter { $0.value.restsUntil <= now }.sorted { $0.value.serial < $1.value.serial }.map(\.key)
    }

    /// Missing pieces to ask a peer for: those that nobody was asked for; when there are none, those it was not asked for.
    private func pieces(_ count: Int, for source: Source) -> ArraySlice<Int> {
        guard count > 0, let attempt else { return [] }
        let missing = attempt.pieces.indices.filter { index in
            attempt.pieces[index] == nil && !source.asked.contains { $0.piece == index }
        }
        let taken = Set(self.sources.values.lazy.flatMap { $0.asked.lazy.map(\.piece) })
        let free = missing.filter { !taken.contains($0) }
        return free.isEmpty ? missing.prefix(1) : free.prefix(count)
    }

    private mutating func expire(at now: Instant) {
        for (slot, source) in self.sources where source.asked.contains(where: { now - $0.at >= Self.patience }) {
            self.rest(slot, at: now)
        }
    }

    /// Leaves a peer alone for a while; what was asked of it is free.
    mutating func rest(_ slot: PeerSlot, at now: Instant) {
        guard var source = self.sources[slot] else { return }
        source.asked = []
        source.restsUntil = now + source.pause
        source.pause = min(Interval(nanoseconds: source.pause.nanoseconds * 2), Self.pauses.last)
        self.sources[slot] = source
        // Others may know more.
        if self.attempt?.only == slot { self.attempt = nil }
    }

    /// Chooses what to fetch: the size that most peers tell of, and among those told of by as many the one told of first.
    private mutating func beginIfIdle(at now: Instant) {
        let awake = self.order(at: now)
        if let attempt, awake.contains(where: { self.sources[$0]?.size == attempt.size }) { return }
        if let attempt, self.sources.values.contains(where: { $0.size == attempt.size && !$0.asked.isEmpty }) { return }
        guard let first = awake.first else { return }
        var best = first
        var bestVotes = 0
        for slot in awake {
            let votes = awake.count { self.sources[$0]?.size == self.sources[slot]?.size }
            if votes > bestVotes { (best, bestVotes) = (slot, votes) }
        }
        guard let size = self.sources[best]?.size else { return }
        for slot in self.sources.keys { self.sources[slot]?.asked = [] }
        self.attempt = Attempt(size: size, only: self.isWary ? best : nil)
    }
}

extension MetadataFetch.Attempt {
    /// A peer is gone: the slot may be another's soon.
    mutating func forget(_ slot: PeerSlot) {
        for index in self.senders.indices where self.senders[index] == slot { self.senders[index] = nil }
    }
}
