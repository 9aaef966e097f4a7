// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel

extension Simulation {
    /// Payload bytes of a packet.
    private static let packetLength = 1460
    /// The least time after which a lost packet is sent again.
    private static let leastRetransmission = Interval.milliseconds(200)

    // MARK: - Connections

    /// A node calls another: an answer comes after a round trip and a half.
    func dial(from dialler: Int, to called: Int) {
        let number = self.links.count
        self.links.append(SimulatedLink(dialler: dialler, called: called))
        self.nodes[dialler].link(called)
        self.nodes[called].link(dialler)
        for (sender, receiver) in [(dialler, called), (called, dialler)] {
            let link = self.nodes[sender].profile.link
            self.pipes.append(
                Pipe(number: Int32(self.pipes.count), sender: sender, receiver: receiver, link: link))
        }
        let delay = self.delay(dialler, called).nanoseconds
        self.schedule(.connect(link: Int32(number)), in: Interval(nanoseconds: delay * 3))
    }

    /// Whether two nodes are connected or about to be.
    func areLinked(_ one: Int, _ other: Int) -> Bool {
        self.nodes[one].linked.contains(other)
    }

    func connect(_ number: Int) {
        let (dialler, called) = (self.nodes[self.links[number].dialler], self.nodes[self.links[number].called])
        dialler.dialEnded()
        guard dialler.isPresent, !dialler.isSilent, called.accepts(dialler.index) else {
            dialler.unlink(called.index)
            called.unlink(dialler.index)
            return
        }
        let inbound = called.connected(to: dialler.index, .inbound, through: self.pipes[2 * number + 1])
        let outbound = dialler.connected(to: called.index, .outbound, through: self.pipes[2 * number])
        self.links[number].ends = (outbound, inbound)
        self.scheduleReset(number)
    }

    /// Breaks a connection: what travels is lost.
    func reset(_ number: Int) {
        guard let ends = self.links[number].ends else { return }
        self.pipes[2 * number].kill()
        self.pipes[2 * number + 1].kill()
        self.nodes[self.links[number].dialler].disconnected(ends.dialler)
        self.nodes[self.links[number].called].disconnected(ends.called)
    }

    private func scheduleReset(_ number: Int) {
        let link = self.links[number]
        for node in [link.dialler, link.called] {
            guard let mean = self.nodes[node].profile.link.meanLifetime else { continue }
            // Exponential, by the seconds: each is the last with the same chance.
            var seconds: Int64 = 1
            let chance = UInt64(max(1, mean.inSeconds))
            while self.random.next(below: chance) != 0 { seconds += 1 }
            self.schedule(.reset(link: Int32(number)), in: .seconds(seconds))
        }
    }

    // MARK: - Segments

    /// Puts a segment into a pipe.
    func write(_ segment: Segment, to pipe: Pipe) {
        let isBrief = pipe.waiting.isEmpty && segment.payload == 0
        pipe.write(segment)
        self.offer(pipe, isBrief: isBrief)
    }

    /// The sender of a pipe has closed its connection.
    func end(_ pipe: Pipe) {
        guard !pipe.isDead else { return }
        pipe.end()
        self.depart(pipe, penalty: .zero)
    }

    /// An uplink has sent the segment that it was busy with.
    func sent(_ node: Int) {
        guard let number = self.nodes[node].uplink.current else { return }
        self.nodes[node].uplink.current = nil
        let pipe = self.pipes[Int(number)]
        if let segment = pipe.endSending() {
            self.depart(pipe, penalty: self.penalty(for: segment.length, from: node, to: pipe.receiver))
            if pipe.maySend { self.offer(pipe, isBrief: false) }
            if let connection = self.senderEnd(of: pipe) { self.nodes[node].sent(segment, to: connection) }
        }
        self.startSending(node)
    }

    /// The next segment of a pipe has reached its receiver.
    func arrived(_ number: Int) {
        let pipe = self.pipes[number]
        guard !pipe.isDead else { return }
        self.nodes[pipe.receiver].downlink.waiting.append(pipe.number)
        self.startTaking(pipe.receiver)
    }

    /// A downlink has taken a segment in.
    func taken(_ node: Int) {
        guard let number = self.nodes[node].downlink.current else { return }
        self.nodes[node].downlink.current = nil
        let pipe = self.pipes[Int(number)]
        if let segment = pipe.take() {
            self.offer(pipe, isBrief: false)
            self.fingerprint.add(self.now, number, segment)
            if segment.payload > 0 { self.lastPayload = self.now }
            if let connection = self.receiverEnd(of: pipe) { self.nodes[node].received(segment, on: connection) }
        }
        self.startTaking(node)
    }

    /// Gives a pipe that may send a turn at its sender's uplink, unless it waits for one.
    private func offer(_ pipe: Pipe, isBrief: Bool) {
        guard !pipe.isScheduled, pipe.maySend, self.nodes[pipe.sender].uplink.current != pipe.number else { return }
        pipe.isScheduled = true
        self.nodes[pipe.sender].uplink.enqueue(pipe.number, isBrief: isBrief)
        self.startSending(pipe.sender)
    }

    private func startSending(_ node: Int) {
        guard self.nodes[node].uplink.current == nil else { return }
        while let number = self.nodes[node].uplink.next() {
            let pipe = self.pipes[Int(number)]
            pipe.isScheduled = false
            guard pipe.maySend else { continue }
            self.nodes[node].uplink.current = number
            let seconds = Double(pipe.beginSending()) / self.nodes[node].profile.link.up
            return self.schedule(.sent(node: Int32(node)), in: Interval(nanoseconds: Int64(seconds * 1e9)))
        }
    }

    private func startTaking(_ node: Int) {
        guard self.nodes[node].downlink.current == nil else { return }
        while let number = self.nodes[node].downlink.waiting.popFirst() {
            guard let segment = self.pipes[Int(number)].travelling.first else { continue }
            self.nodes[node].downlink.current = number
            let seconds = Double(segment.length) / self.nodes[node].profile.link.down
            return self.schedule(.taken(node: Int32(node)), in: Interval(nanoseconds: Int64(seconds * 1e9)))
        }
    }

    /// A segment is on its way: it arrives after the delay, and not before those that went ahead of it.
    private func depart(_ pipe: Pipe, penalty: Interval) {
        let arrival = max(pipe.lastArrival, self.now + self.delay(pipe.sender, pipe.receiver) + penalty)
        pipe.lastArrival = arrival
        self.schedule(.arrived(pipe: pipe.number), in: arrival - self.now)
    }

    /// What the loss of packets costs a segment: a wait until they are sent again.
    private func penalty(for length: Int, from sender: Int, to receiver: Int) -> Interval {
        let loss = self.nodes[sender].profile.link.loss
        guard loss > 0 else { return .zero }
        for _ in 0..<(length + Self.packetLength - 1) / Self.packetLength
        where Double(self.random.next(below: 1 << 32)) < loss * Double(UInt64(1) << 32) {
            let roundTrip = Interval(nanoseconds: 2 * self.delay(sender, receiver).nanoseconds)
            return max(Self.leastRetransmission, roundTrip)
        }
        return .zero
    }

    private func delay(_ one: Int, _ other: Int) -> Interval {
        self.nodes[one].profile.link.delay + self.nodes[other].profile.link.delay
    }

    private func senderEnd(of pipe: Pipe) -> SimulatedConnection? {
        let ends = self.links[Int(pipe.number) / 2].ends
        return pipe.number % 2 == 0 ? ends?.dialler : ends?.called
    }

    private func receiverEnd(of pipe: Pipe) -> SimulatedConnection? {
        let ends = self.links[Int(pipe.number) / 2].ends
        return pipe.number % 2 == 0 ? ends?.called : ends?.dialler
    }
}
