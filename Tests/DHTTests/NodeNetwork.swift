// SPDX-License-Identifier: Apache-2.0

import DHT
import SwarmModel
import TestWorld

/// Many nodes under one virtual clock, and a network that delays and loses.
final class NodeNetwork {
    struct Member {
        var node: LocalNode
        let endpoint: PeerEndpoint
        var isDead = false
        /// What it found, by torrent.
        var found: [InfoHash: Set<PeerEndpoint>] = [:]
        var searches: [InfoHash: TorrentSearch.Result] = [:]
        var moves: [IPAddress] = []
    }

    private enum Event {
        case datagram([UInt8], from: PeerEndpoint, to: PeerEndpoint)
        case wake(Int)
    }

    private(set) var now = Instant(nanoseconds: 0)
    var members: [Member] = []
    var random: SplitMix64
    /// Of a thousand datagrams.
    var lossPerMille: UInt64 = 0
    private(set) var delivered = 0
    private var places: [PeerEndpoint: Int] = [:]
    private var events = EventQueue<Instant, Event>()
    /// When each member is woken next.
    private var alarms: [Instant?] = []
    /// Answers for places that are no members.
    var stranger: ((PeerEndpoint, [UInt8], _ from: PeerEndpoint) -> [UInt8]?)?

    init(random: SplitMix64) {
        self.random = random
    }

    /// The public address of the `index`-th member.
    static func endpoint(_ index: Int, isV6: Bool = false) -> PeerEndpoint {
        let number = UInt32(index) &* 2_654_435_761 % 0x3fff_ffff
        let v4 = IPAddress(v4: 0x2d00_0000 &+ number >> 4)
        let v6 = IPAddress(v6: (0x2001_0db8_0000_0000 | UInt64(index), 1))
        return PeerEndpoint(address: isV6 ? v6 : v4, port: UInt16(6_881 + index % 100))
    }

    /// Adds a node that knows of the member `introducer`.
    @discardableResult
    func add(at endpoint: PeerEndpoint, introducer: Int?, isReadOnly: Bool = false, hasFittingID: Bool = true) -> Int {
        let id = NodeID(for: endpoint.address, random: &self.random)
        let isV6 = endpoint.address.isV6
        let configuration = LocalNodeConfiguration(
            families: AddressFamilies(isV6: isV6),
            ids: hasFittingID ? (isV6 ? nil : id, isV6 ? id : nil) : (nil, nil), isReadOnly: isReadOnly)
        var node = LocalNode(configuration, random: &self.random, at: self.now)
        if let introducer { node.add(strangers: [self.members[introducer].endpoint], at: self.now) }
        self.members.append(Member(node: node, endpoint: endpoint))
        self.alarms.append(nil)
        self.places[endpoint] = self.members.count - 1
        self.act(self.members.count - 1) { $0.wake(at: $1) }
        return self.members.count - 1
    }

    /// Makes a network of `count` nodes that join one after the other through the first.
    func populate(_ count: Int, isV6: Bool = false) {
        for index in 0..<count {
            self.add(at: Self.endpoint(self.members.count, isV6: isV6), introducer: index == 0 ? nil : 0)
            self.run(for: .milliseconds(200))
        }
        self.run(for: .seconds(60))
    }

    /// Calls a member, and takes what it gives out.
    func act(_ index: Int, _ body: (inout LocalNode, Instant) -> Void) {
        body(&self.members[index].node, self.now)
        for output in self.members[index].node.takeOutputs() {
            switch output {
            case .send(let bytes, let to): self.send(bytes, from: self.members[index].endpoint, to: to)
            case .peers(let infoHash, let peers): self.members[index].found[infoHash, default: []].formUnion(peers)
            case .searched(let infoHash, let result): self.members[index].searches[infoHash] = result
            case .moved(let address): self.members[index].moves.append(address)
            }
        }
        let deadline = max(self.now, self.members[index].node.deadline)
        guard self.alarms[index].map({ deadline < $0 }) ?? true else { return }
        self.alarms[index] = deadline
        self.events.add(.wake(index), at: deadline)
    }

    /// Puts a datagram on the wire.
    func send(_ bytes: [UInt8], from: PeerEndpoint, to: PeerEndpoint) {
        guard self.random.next(below: 1_000) >= self.lossPerMille else { return }
        let delay = Interval.milliseconds(Int64(5 + self.random.next(below: 100)))
        self.events.add(.datagram(bytes, from: from, to: to), at: self.now + delay)
    }

    /// Lets time pass.
    func run(for interval: Interval, until isDone: () -> Bool = { false }) {
        let end = self.now + interval
        while !isDone() {
            guard let next = self.events.nextTime, next <= end, let event = self.events.removeFirst() else { break }
            self.now = max(self.now, next)
            switch event {
            case .datagram(let bytes, let from, let to): self.deliver(bytes, from: from, to: to)
            case .wake(let index): self.wake(index)
            }
        }
        if !isDone() { self.now = end }
    }

    private func wake(_ index: Int) {
        guard let alarm = self.alarms[index], alarm <= self.now else { return }
        self.alarms[index] = nil
        if !self.members[index].isDead { self.act(index) { $0.wake(at: $1) } }
    }

    private func deliver(_ bytes: [UInt8], from: PeerEndpoint, to: PeerEndpoint) {
        self.delivered += 1
        if let index = self.places[to] {
            guard !self.members[index].isDead else { return }
            self.act(index) { $0.receive(bytes, from: from, at: $1) }
        } else if let answer = self.stranger?(to, bytes, from) {
            self.send(answer, from: to, to: from)
        }
    }
}
