// SPDX-License-Identifier: Apache-2.0

import TestWorld

/// Two endpoints, a wire each way, and a clock of its own. What comes within the same instant is one run of calls.
final class Network {
    private enum Event {
        case datagram([UInt8], to: Int)
        case competitor(TCPFlow.Event)
    }

    let left: Endpoint
    let right: Endpoint
    /// From left to right, and back.
    var there: Wire
    var back: Wire
    var random: SeededGenerator
    private(set) var now: Int64 = 0
    private var events = EventQueue<Int64, Event>()
    /// A TCP flow that shares the way there.
    var competitor: TCPFlow?
    /// Sees every datagram of either side before it goes on the wire; answers what is to be put there instead.
    var tap: ((_ fromLeft: Bool, [UInt8]) -> [[UInt8]])?

    static let key: UInt16 = 0x1234
    static let second: Int64 = 1_000_000_000

    /// The left one begins. `clockOffsets` are how many seconds each clock is ahead of the network's.
    init?(
        there: Wire = Wire(), back: Wire? = nil, seed: UInt64 = 1, key: UInt16 = Network.key,
        firstNumbers: (UInt64, UInt64)? = nil,
        clockOffsets: (Int64, Int64), maximumDatagram: Int = 1_472, isV6: Bool = false
    ) {
        let numbers = firstNumbers ?? (seed &* 7_919, seed &* 104_729)
        guard
            let left = Endpoint(
                isInitiator: true, key: key, seed: numbers.0, at: 0, maximumDatagram: maximumDatagram, isV6: isV6,
                clockOffset: clockOffsets.0 * Network.second),
            let right = Endpoint(
                isInitiator: false, key: key &+ 1, seed: numbers.1, at: 0, maximumDatagram: maximumDatagram, isV6: isV6,
                clockOffset: clockOffsets.1 * Network.second)
        else { return nil }
        self.left = left
        self.right = right
        self.there = there
        self.back = back ?? there
        self.random = SeededGenerator(seed: seed)
        self.left.finishRun(at: 0)
        self.carry()
    }

    /// Goes on until `isDone`, or until nothing happens any more, or for `seconds` of its own time. Returns whether it is
    /// done.
    @discardableResult
    func run(seconds: Int64, until isDone: () -> Bool = { false }) -> Bool {
        let end = self.now + seconds * Network.second
        while !isDone() {
            let next = min(self.events.nextTime ?? .max, min(self.left.deadline, self.right.deadline))
            guard next <= end else {
                self.now = end
                return isDone()
            }
            self.now = max(self.now, next)
            self.step()
        }
        return true
    }

    /// Whether the right one heard what the left one has to say, and the other way.
    var isHeardThere: Bool { self.right.heard == self.left.toSay }
    var isHeardBack: Bool { self.left.heard == self.right.toSay }

    /// Puts a datagram before an endpoint as if it had arrived.
    func inject(_ datagram: [UInt8], toLeft: Bool) {
        let endpoint = toLeft ? self.left : self.right
        endpoint.receive(datagram, at: self.now)
        endpoint.finishRun(at: self.now)
        self.carry()
    }

    /// Lets both do what they have to do now, as after `close` or a change of `toSay`.
    func settle() {
        self.left.finishRun(at: self.now)
        self.right.finishRun(at: self.now)
        self.carry()
    }

    func startCompetitor(_ flow: TCPFlow) {
        self.competitor = flow
        self.events.add(.competitor(.tick), at: self.now)
    }

    private func step() {
        while let time = self.events.nextTime, time <= self.now, let event = self.events.removeFirst() {
            switch event {
            case .datagram(let bytes, let to): (to == 0 ? self.left : self.right).receive(bytes, at: self.now)
            case .competitor(let event): self.compete(event)
            }
        }
        for endpoint in [self.left, self.right] {
            endpoint.wake(at: self.now)
            endpoint.finishRun(at: self.now)
        }
        self.carry()
    }

    private func compete(_ event: TCPFlow.Event) {
        guard let sends = self.competitor?.handle(event, at: self.now) else { return }
        for _ in 0..<sends {
            let arrivals = self.there.arrivals(of: TCPFlow.size, at: self.now, &self.random)
            if let arrival = arrivals.first {
                self.events.add(.competitor(.acknowledged), at: arrival + self.back.delay)
            } else {
                self.events.add(
                    .competitor(.lost),
                    at: self.now + self.there.delay + self.back.delay + self.there.wait(at: self.now))
            }
        }
    }

    private func carry() {
        for (endpoint, target) in [(self.left, 1), (self.right, 0)] {
            for datagram in endpoint.takeDatagrams() {
                for bytes in self.tap?(target == 1, datagram) ?? [datagram] {
                    let arrivals =
                        target == 1
                        ? self.there.arrivals(of: bytes.count, at: self.now, &self.random)
                        : self.back.arrivals(of: bytes.count, at: self.now, &self.random)
                    for time in arrivals { self.events.add(.datagram(bytes, to: target), at: time) }
                }
            }
        }
    }
}
