// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// One question to a UDP tracker (BEP 15), as a value: first a connection id, then the question, each repeated after
/// fifteen seconds, thirty more, sixty more and so on until it is answered. How long to wait in all is the caller's.
struct DatagramExchange<Answer: Hashable & Sendable>: Sendable {
    /// What is to be done next.
    enum Effect: Hashable, Sendable {
        /// Nothing until the deadline.
        case none
        /// Send this.
        case send([UInt8])
        /// It is over.
        case finish(Result<Answer, TrackerError>)
    }

    private enum Phase: Hashable, Sendable {
        case connecting
        case asking(connectionID: UInt64, since: Instant)
        case finished
    }

    /// BEP 15: the wait before the first repetition; doubles with each.
    static var firstWait: Interval { .seconds(15) }
    /// BEP 15: how long a client may use a connection id.
    static var connectionLife: Interval { .seconds(60) }
    /// The wait does not double more often.
    private static var mostDoublings: Int64 { 8 }

    private let question: DatagramQuestion<Answer>
    private var random: SplitMix64
    private var phase = Phase.connecting
    private var transaction: UInt32 = 0
    private var repetitions: Int64 = 0
    private var startedAt = Instant(nanoseconds: .min)

    /// When `pass(to:)` has something to do; nil at the end.
    private(set) var deadline: Instant?

    /// A connection id that was given for the question, and when.
    private(set) var connection: (id: UInt64, since: Instant)?

    /// Asks `question`, with a connection id that was given before, if there is one.
    init(
        _ question: DatagramQuestion<Answer>, connection: (id: UInt64, since: Instant)? = nil, random: SplitMix64
    ) {
        self.question = question
        self.connection = connection
        self.random = random
    }

    /// What to begin with.
    mutating func start(at now: Instant) -> Effect {
        self.startedAt = now
        guard let known = self.connection, now < known.since + Self.connectionLife else {
            return self.enter(.connecting, at: now)
        }
        return self.enter(.asking(connectionID: known.id, since: known.since), at: now)
    }

    /// The time has come to `now`.
    mutating func pass(to now: Instant) -> Effect {
        guard let deadline = self.deadline, now >= deadline else { return .none }
        self.repetitions = min(self.repetitions + 1, Self.mostDoublings)
        if case .asking(_, let since) = self.phase, now >= since + Self.connectionLife {
            return self.enter(.connecting, at: now)
        }
        return self.send(at: now)
    }

    /// A datagram came from the tracker. One that answers nothing we asked is passed over: it may be late, or anybody's.
    mutating func receive(_ datagram: Span<UInt8>, at now: Instant) -> Effect {
        guard DatagramReply.transaction(of: datagram) == self.transaction else { return .none }
        switch self.phase {
        case .finished: return .none
        case .connecting:
            switch DatagramReply(datagram: datagram, isV6: false) {
            case .connected(let connectionID):
                self.repetitions = 0
                self.connection = (connectionID, now)
                return self.enter(.asking(connectionID: connectionID, since: now), at: now)
            case .refused(let reason): return self.finish(.failure(.refused(TrackerRefusal(reason: reason))))
            case .announced, .scraped, nil: return .none
            }
        case .asking(_, let since):
            if let answer = self.question.read(datagram) { return self.finish(.success(answer)) }
            guard case .refused(let reason)? = DatagramReply(datagram: datagram, isV6: false) else { return .none }
            // An id of an earlier question may have run out meanwhile, or its tracker been restarted.
            if since < self.startedAt { return self.enter(.connecting, at: now) }
            return self.finish(.failure(.refused(TrackerRefusal(reason: reason))))
        }
    }

    /// A repetition keeps its transaction, so that a late answer to the first counts.
    private mutating func enter(_ phase: Phase, at now: Instant) -> Effect {
        self.phase = phase
        self.transaction = UInt32(truncatingIfNeeded: self.random.next())
        return self.send(at: now)
    }

    private mutating func send(at now: Instant) -> Effect {
        self.deadline = now + Interval(nanoseconds: self.question.firstWait.nanoseconds << self.repetitions)
        switch self.phase {
        case .connecting: return .send(DatagramHead.connect(transaction: self.transaction))
        case .asking(let connectionID, _): return .send(self.question.datagram(connectionID, self.transaction))
        case .finished: return .none
        }
    }

    private mutating func finish(_ result: Result<Answer, TrackerError>) -> Effect {
        self.phase = .finished
        self.deadline = nil
        return .finish(result)
    }
}
