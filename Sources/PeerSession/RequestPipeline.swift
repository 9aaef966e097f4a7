// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The blocks asked of a peer: outstanding ones in the order of asking, because answers come nearly always in that
/// order, and a bounded memory of those given up, because their answers may still be under way.
struct RequestPipeline {
    /// One request that waits for its answer.
    struct Request: BitwiseCopyable {
        var block: BlockRange
        var sentAt: Instant
    }

    /// What a block that begins to arrive is.
    enum Arrival: Hashable {
        case expected
        case givenUp
        case wrongLength
        case unrequested
    }

    /// The most blocks that are remembered after they were given up; the oldest is forgotten first.
    static let givenUpLimit = 4096

    private var outstanding = Ring<Request>()
    private var givenUp = Ring<BlockRange>()
    /// The block that is arriving now, unless its bytes are to be dropped.
    private(set) var incoming: BlockRange?

    var count: Int { self.outstanding.count }
    var capacity: Int { self.outstanding.capacity }

    mutating func append(_ block: BlockRange, at now: Instant) {
        self.outstanding.append(Request(block: block, sentAt: now))
    }

    /// Whether `block` was asked for and is neither answered nor given up.
    func contains(_ block: BlockRange) -> Bool { self.index(of: block) != nil }

    /// The head of a block has come: says what it is, and keeps it in mind if its bytes are wanted.
    mutating func begin(_ block: BlockRange) -> Arrival {
        self.incoming = nil
        if let index = self.index(atBeginOf: block) {
            guard self.outstanding[index].block.length == block.length else { return .wrongLength }
            self.incoming = block
            return .expected
        }
        return self.recall(block) ? .givenUp : .unrequested
    }

    /// The last byte of the incoming block has come: the request it answers, if its bytes were wanted.
    mutating func end() -> Request? {
        guard let block = self.incoming, let index = self.index(of: block) else { return nil }
        let request = self.outstanding[index]
        self.outstanding.remove(at: index)
        self.incoming = nil
        return request
    }

    /// Takes an outstanding block back but remembers it; whether it was outstanding.
    mutating func giveUp(_ block: BlockRange) -> Bool {
        guard let index = self.index(of: block) else { return false }
        self.outstanding.remove(at: index)
        self.remember(block)
        return true
    }

    /// Takes the oldest outstanding block back but remembers it.
    mutating func giveUpFirst() -> BlockRange? {
        guard let request = self.outstanding.popFirst() else { return nil }
        self.remember(request.block)
        return request.block
    }

    /// The peer has refused `block`: nil if it was neither outstanding nor given up, else whether it was outstanding.
    /// A request given up is older than the same one made again, and answers come in order.
    mutating func reject(_ block: BlockRange) -> Bool? {
        if self.recall(block) { return false }
        guard let index = self.index(of: block) else { return nil }
        self.outstanding.remove(at: index)
        if self.incoming == block { self.incoming = nil }
        return true
    }

    private mutating func remember(_ block: BlockRange) {
        // A block whose bytes are arriving has its answer; only the rest of it is dropped.
        guard self.incoming != block else {
            self.incoming = nil
            return
        }
        if self.givenUp.count >= Self.givenUpLimit { self.givenUp.popFirst() }
        self.givenUp.append(block)
    }

    private mutating func recall(_ block: BlockRange) -> Bool {
        for index in 0..<self.givenUp.count where self.givenUp[index] == block {
            self.givenUp.remove(at: index)
            return true
        }
        return false
    }

    private func index(of block: BlockRange) -> Int? {
        guard let index = self.index(atBeginOf: block) else { return nil }
        if self.outstanding[index].block.length == block.length { return index }
        for index in 0..<self.outstanding.count where self.outstanding[index].block == block { return index }
        return nil
    }

    private func index(atBeginOf block: BlockRange) -> Int? {
        for index in 0..<self.outstanding.count {
            let candidate = self.outstanding[index].block
            // Numbers, not `==`: this loop runs for every block that comes out of order.
            if candidate.piece.rawValue == block.piece.rawValue, candidate.begin == block.begin { return index }
        }
        return nil
    }
}
