// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The blocks asked of a peer: outstanding requests in the order of asking, because answers come nearly always in that
/// order, and a bounded memory of those given up, because their answers may still be under way.
struct RequestPipeline {
    /// What a block that begins to arrive is.
    enum Arrival: Hashable {
        case expected
        case givenUp
        case wrongLength
        case unrequested
    }

    /// What taking a block back means.
    enum GivingUp {
        /// It was not outstanding.
        case notOutstanding
        /// Other blocks that were asked for at once are still wanted.
        case inPart
        /// Nothing of the request is wanted any more: it is taken back and remembered.
        case whole(BlockRange)
    }

    /// What a rejection is.
    enum Rejection {
        /// Nothing was asked for, or it has been answered.
        case unrequested
        /// It had been given up before.
        case givenUp
        /// It was outstanding, and is not any more.
        case outstanding(PendingRequest)
    }

    /// The most requests that are remembered after they were given up; the oldest is forgotten first.
    static let givenUpLimit = 4096

    private var outstanding = Ring<PendingRequest>()
    private var givenUp = Ring<BlockRange>()
    /// The request whose answer is arriving now, unless its bytes are to be dropped.
    private(set) var incoming: PendingRequest?
    /// Blocks outstanding, of all requests.
    private(set) var count = 0

    var capacity: Int { self.outstanding.capacity }

    mutating func append(_ range: BlockRange, at now: Instant) {
        let request = PendingRequest(range, at: now)
        self.outstanding.append(request)
        self.count += request.wantedCount
    }

    /// Whether `block` was asked for, alone or as part of a longer range, and is neither answered nor given up.
    func contains(_ block: BlockRange) -> Bool { self.index(wanting: block) != nil }

    /// The head of a block has come: says what it is, and keeps it in mind if its bytes are wanted.
    mutating func begin(_ range: BlockRange) -> Arrival {
        self.incoming = nil
        if let index = self.index(atBeginOf: range) {
            let request = self.outstanding[index]
            guard request.range.length == range.length else { return .wrongLength }
            self.incoming = request
            return .expected
        }
        return self.recall(range) ? .givenUp : .unrequested
    }

    /// The block of the incoming request that ends at `end` of its piece is here, if that was still wanted.
    mutating func finishPart(endingAt end: UInt32) -> BlockRange? {
        guard let part = self.incoming?.finish(endingAt: end) else { return nil }
        if let incoming = self.incoming, let index = self.index(of: incoming.range) {
            self.outstanding[index] = incoming
        }
        self.count -= 1
        return part
    }

    /// The last byte of the incoming answer has come.
    mutating func end() {
        guard let incoming = self.incoming else { return }
        if let index = self.index(of: incoming.range) {
            self.count -= self.outstanding[index].wantedCount
            self.outstanding.remove(at: index)
        }
        self.incoming = nil
    }

    /// Takes an outstanding block back.
    mutating func giveUp(_ block: BlockRange) -> GivingUp {
        guard let index = self.index(wanting: block) else { return .notOutstanding }
        var request = self.outstanding[index]
        request.drop(block)
        self.count -= 1
        guard request.wantedCount == 0 else {
            self.outstanding[index] = request
            if self.incoming?.range == request.range { self.incoming = request }
            return .inPart
        }
        self.outstanding.remove(at: index)
        self.remember(request.range)
        return .whole(request.range)
    }

    /// Takes the oldest request back but remembers it.
    mutating func giveUpFirst() -> PendingRequest? {
        guard let request = self.outstanding.popFirst() else { return nil }
        self.count -= request.wantedCount
        self.remember(request.range)
        return request
    }

    /// The peer has refused `range`. A request given up is older than the same one made again, and answers come in order.
    mutating func reject(_ range: BlockRange) -> Rejection {
        if self.recall(range) { return .givenUp }
        guard let index = self.index(of: range) else { return .unrequested }
        let request = self.outstanding[index]
        self.count -= request.wantedCount
        self.outstanding.remove(at: index)
        if self.incoming?.range == range { self.incoming = nil }
        return .outstanding(request)
    }

    private mutating func remember(_ range: BlockRange) {
        // A range whose bytes are arriving has its answer; only the rest of it is dropped.
        guard self.incoming?.range != range else {
            self.incoming = nil
            return
        }
        if self.givenUp.count >= Self.givenUpLimit { self.givenUp.popFirst() }
        self.givenUp.append(range)
    }

    private mutating func recall(_ range: BlockRange) -> Bool {
        for index in 0..<self.givenUp.count where self.givenUp[index] == range {
            self.givenUp.remove(at: index)
            return true
        }
        return false
    }

    private func index(of range: BlockRange) -> Int? {
        guard let index = self.index(atBeginOf: range) else { return nil }
        if self.outstanding[index].range.length == range.length { return index }
        for index in 0..<self.outstanding.count where self.outstanding[index].range == range { return index }
        return nil
    }

    private func index(atBeginOf range: BlockRange) -> Int? {
        for index in 0..<self.outstanding.count {
            let candidate = self.outstanding[index].range
            // Numbers, not `==`: this loop runs for every block that comes out of order.
            if candidate.piece.rawValue == range.piece.rawValue, candidate.begin == range.begin { return index }
        }
        return nil
    }

    private func index(wanting block: BlockRange) -> Int? {
        for index in 0..<self.outstanding.count where self.outstanding[index].wants(block) { return index }
        return nil
    }
}
