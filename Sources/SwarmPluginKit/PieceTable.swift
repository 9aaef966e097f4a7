// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// State and priority of every piece, and the wanted pieces of each priority as sets. A byte and a bit for each piece; a
/// bit more where several priorities are in use.
public struct PieceTable: ~Copyable {
    private static let stateShift: UInt8 = 4

    /// Pieces of the torrent.
    public let pieceCount: Int
    /// Priority in the low four bits, state in the high four.
    private let standing: UnsafeMutablePointer<UInt8>
    /// The wanted pieces of each priority, 1 to 7, at that place.
    private let wanted: UnsafeMutablePointer<PieceSet>
    /// Pieces of each priority that are wanted or in flight.
    private let missing: UnsafeMutablePointer<UInt32>
    /// Pieces had or in flight.
    public private(set) var startedCount = 0

    /// All pieces wanted, at normal priority.
    init(pieceCount: Int) {
        self.pieceCount = pieceCount
        self.standing = .allocate(capacity: max(pieceCount, 1))
        self.standing.initialize(repeating: UInt8(SWARM_PRIORITY_NORMAL), count: max(pieceCount, 1))
        self.wanted = .allocate(capacity: 8)
        self.missing = .allocate(capacity: 8)
        for priority in 0..<8 {
            (self.wanted + priority).initialize(to: PieceSet(pieceCount: pieceCount))
            (self.missing + priority).initialize(to: 0)
        }
        self.wanted[Int(SWARM_PRIORITY_NORMAL)].fill(pieceCount: pieceCount)
        self.missing[Int(SWARM_PRIORITY_NORMAL)] = UInt32(pieceCount)
    }

    deinit {
        self.wanted.deinitialize(count: 8)
        self.wanted.deallocate()
        self.missing.deallocate()
        self.standing.deallocate()
    }

    /// The state of a piece, a `SWARM_PIECE_` constant.
    public func state(of piece: UInt32) -> UInt32 { UInt32(self.standing[Int(piece)] >> Self.stateShift) }
    /// The priority of a piece, 1 to 7.
    public func priority(of piece: UInt32) -> Int { Int(self.standing[Int(piece)] & 0x0f) }
    /// Whether a piece may be picked.
    public func isWanted(_ piece: UInt32) -> Bool { self.standing[Int(piece)] >> Self.stateShift == SWARM_PIECE_WANTED }
    /// Whether a piece may be picked and has that priority. Looks at less memory than the two questions one by one.
    public func isWanted(_ piece: UInt32, of priority: Int) -> Bool { self.wanted[priority].contains(piece) }
    /// Whether a piece is wanted or in flight.
    public func isMissing(_ piece: UInt32) -> Bool { Self.isMissing(self.state(of: piece)) }
    /// Number of wanted pieces of a priority, 1 to 7.
    public func wantedCount(of priority: Int) -> Int { self.wanted[priority].count }

    /// Asks for what `setState` will look at, and does not wait for it.
    public func prefetch(_ piece: UInt32) { swarm_prefetch(self.standing + Int(piece)) }

    /// The highest priority of which pieces are wanted or in flight; nil when none is missing.
    public var highestMissing: Int? {
        for priority in (1...7).reversed() where self.missing[priority] > 0 { return priority }
        return nil
    }

    /// Returns whether the piece was, or became, one that may be picked.
    mutating func setState(_ piece: UInt32, _ state: UInt32) -> Bool {
        let old = self.state(of: piece)
        guard state != old, state <= SWARM_PIECE_UNWANTED else { return false }
        let priority = self.priority(of: piece)
        self.standing[Int(piece)] = UInt8(priority) | UInt8(state) << Self.stateShift
        if Self.isStarted(old) { self.startedCount -= 1 }
        if Self.isStarted(state) { self.startedCount += 1 }
        if Self.isMissing(old) { self.missing[priority] -= 1 }
        if Self.isMissing(state) { self.missing[priority] += 1 }
        if old == SWARM_PIECE_WANTED { self.wanted[priority].remove(piece) }
        if state == SWARM_PIECE_WANTED { self.wanted[priority].insert(piece) }
        return old == SWARM_PIECE_WANTED || state == SWARM_PIECE_WANTED
    }

    /// Returns whether that changed anything.
    mutating func setPriority(_ piece: UInt32, _ priority: UInt32) -> Bool {
        let (old, new) = (self.priority(of: piece), Int(priority))
        guard new != old, new >= 1, new <= 7 else { return false }
        let state = self.state(of: piece)
        self.standing[Int(piece)] = UInt8(new) | UInt8(state) << Self.stateShift
        if Self.isMissing(state) {
            self.missing[old] -= 1
            self.missing[new] += 1
        }
        if state == SWARM_PIECE_WANTED {
            self.wanted[old].remove(piece)
            self.wanted[new].insert(piece)
        }
        return true
    }

    /// The first word at or after `from`, and before `end`, in which a peer has wanted pieces of a priority, and these pieces.
    /// With `around` it may be whichever word, those before `from` last.
    public func wantedWord(
        of priority: Int, had has: PieceWords, from: Int, below end: Int = Int.max, around: Bool = false
    ) -> (index: Int, pieces: UInt64)? {
        guard self.wanted[priority].count > 0 else { return nil }
        let index =
            around
            ? self.wanted[priority].nextWordAround(had: has, from: from)
            : self.wanted[priority].nextWord(had: has, from: from, below: end)
        guard let index else { return nil }
        return (index, self.wanted[priority].word(index) & has[index])
    }

    /// The first wanted piece of a priority, `first` or later and below `end`, that a peer has.
    public func firstWanted(of priority: Int, had has: PieceWords, from first: Int, below end: Int) -> UInt32? {
        let last = (end + 63) >> 6
        guard first < end, var found = self.wantedWord(of: priority, had: has, from: first >> 6, below: last) else {
            return nil
        }
        if found.index == first >> 6 {
            found.pieces &= UInt64.max << UInt64(first & 63)
            if found.pieces == 0 {
                guard let next = self.wantedWord(of: priority, had: has, from: found.index + 1, below: last) else {
                    return nil
                }
                found = next
            }
        }
        let piece = found.index << 6 + found.pieces.trailingZeroBitCount
        return piece < end ? UInt32(piece) : nil
    }

    private static func isStarted(_ state: UInt32) -> Bool {
        state == SWARM_PIECE_IN_FLIGHT || state == SWARM_PIECE_HAVE
    }

    private static func isMissing(_ state: UInt32) -> Bool {
        state == SWARM_PIECE_WANTED || state == SWARM_PIECE_IN_FLIGHT
    }
}
