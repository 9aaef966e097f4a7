// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// One announce to a UDP tracker (BEP 15), as a value: first a connection id, then the announce, each repeated after
/// fifteen seconds, thirty more, sixty more and so on until it is answered. How long to wait in all is the caller's.
struct DatagramExchange: Sendable {
    /// What is to be done next.
    enum Effect: Hashable, Sendable {
        /// Nothing until the deadline.
        case none
        /// Send this.
        case send([UInt8])
        /// It is over.
        case finish(Result<AnnounceResponse, TrackerError>)
    }

    private enum Phase: Hashable, Sendable {
        case connecting
        case announcing(connectionID: UInt64, since: Instant)
        case finished
    }

    /// BEP 15: the wait before the first repetition; doubles with each.
    static let firstWait = Interval.seconds(15)
    /// BEP 15: how long a client may use a connection id.
    static let connectionLife = Interval.seconds(60)
    /// The wait does not double more often.
    private static let mostDoublings: Int64 = 8

    private let request: AnnounceRequest
    private let urlData: URLData
    private let isV6: Bool
    private var random: SplitMix64
    private var phase = Phase.connecting
    private var transaction: UInt32 = 0
    private var repetitions: Int64 = 0

    /// When `pass(to:)` has something to do; nil at the end.
    private(set) var deadline: Instant?

    /// Asks with `request`; over IPv6 answers look different.
    init(_ request: AnnounceRequest, urlData: URLData, isV6: Bool, random: SplitMix64) {
        self.request = request
        self.urlData = urlData
        self.isV6 = isV6
        self.random = random
    }

    /// What to begin with.
    mutating func start(at now: Instant) -> Effect {
        self.enter(.connecting, at: now)
    }

    /// The time has come to `now`.
    mutating func pass(to now: Instant) -> Effect {
        guard let deadline = self.deadline, now >= deadline else { return .none }
        self.repetitions = min(self.repetitions + 1, Self.mostDoublings)
        if case .announcing(_, let since) = self.phase, now >= since + Self.connectionLife {
            return self.enter(.connecting, at: now)
        }
        return self.send(at: now)
    }

    /// A datagram came from the tracker. One that answers nothing we asked is passed over: it may be late, or anybody's.
    mutating func receive(_ datagram: Span<UInt8>, at now: Instant) -> Effect {
        guard DatagramReply.transaction(of: datagram) == self.transaction else { return .none }
        let reply = DatagramReply(datagram: datagram, isV6: self.isV6)
        switch self.phase {
        case .finished: return .none
        case .connecting:
            switch reply {
            case .connected(let connectionID):
                self.repetitions = 0
                return self.enter(.announcing(connectionID: connectionID, since: now), at: now)
            case .refused(let reason): return self.finish(.failure(.refused(TrackerRefusal(reason: reason))))
            case .announced, .scraped, nil: return .none
            }
        case .announcing:
            switch reply {
            case .announced(let response): return self.finish(.success(response))
            case .refused(let reason): return self.finish(.failure(.refused(TrackerRefusal(reason: reason))))
            case .connected, .scraped, nil: return .none
            }
        }
    }

    /// A repetition keeps its transaction, so that a late answer to the first counts.
    private mutating func enter(_ phase: Phase, at now: Instant) -> Effect {
        self.phase = phase
        self.transaction = UInt32(truncatingIfNeeded: self.random.next())
        return self.send(at: now)
    }

    private mutating func send(at now: Instant) -> Effect {
        self.deadline = now + Interval(nanoseconds: Self.firstWait.nanoseconds << self.repetitions)
        switch self.phase {
        case .connecting: return .send(DatagramHead.connect(transaction: self.transaction))
        case .announcing(let connectionID, _):
            return .send(
                self.request.datagram(
                    connectionID: connectionID, transaction: self.transaction, urlData: self.urlData))
        case .finished: return .none
        }
    }

    private mutating func finish(_ result: Result<AnnounceResponse, TrackerError>) -> Effect {
        self.phase = .finished
        self.deadline = nil
        return .finish(result)
    }
}
