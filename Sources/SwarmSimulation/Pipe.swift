// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// One direction of a connection: what waits for the sender's uplink, and what is on its way, in order.
final class Pipe {
    let number: Int32
    let sender: Int
    let receiver: Int
    private let sendBuffer: Int
    private let window: Int
    /// Nothing can arrive before what was sent earlier.
    var lastArrival = Instant(nanoseconds: 0)
    /// Waits for its turn on the uplink.
    var isScheduled = false
    /// Nothing travels any more.
    private(set) var isDead = false
    private(set) var waiting = Queue<Segment>()
    private(set) var travelling = Queue<Segment>()
    private var waitingBytes = 0
    private var travellingBytes = 0
    private var isHeadOnUplink = false

    init(number: Int32, sender: Int, receiver: Int, link: LinkProfile) {
        self.number = number
        self.sender = sender
        self.receiver = receiver
        self.sendBuffer = link.sendBuffer
        self.window = link.window
    }

    /// Whether the sender may write a block.
    var isWritable: Bool { !self.isDead && self.waitingBytes < self.sendBuffer }

    /// Whether the next segment may go out now.
    var maySend: Bool {
        guard let next = self.waiting.first, !self.isDead else { return false }
        return self.travellingBytes == 0 || self.travellingBytes + next.length <= self.window
    }

    /// Puts a segment at the end; messages join those that wait already.
    func write(_ segment: Segment) {
        guard !self.isDead else { return }
        self.waitingBytes += segment.length
        let joins = self.waiting.count > (self.isHeadOnUplink ? 1 : 0) && self.waiting.last?.payload == 0
        guard joins else { return self.waiting.append(segment) }
        self.waiting.changeLast {
            $0.bytes.append(contentsOf: segment.bytes)
            $0.payload = segment.payload
            $0.isFalse = segment.isFalse
        }
    }

    /// The uplink begins to send the next segment; its bytes.
    func beginSending() -> Int {
        self.isHeadOnUplink = true
        return self.waiting.first?.length ?? 0
    }

    /// The uplink has sent it: it travels from now on. Nil when the connection ended meanwhile.
    func endSending() -> Segment? {
        self.isHeadOnUplink = false
        guard !self.isDead, let segment = self.waiting.popFirst() else { return nil }
        self.waitingBytes -= segment.length
        self.travellingBytes += segment.length
        self.travelling.append(segment)
        return segment
    }

    /// The next segment has come.
    func take() -> Segment? {
        guard let segment = self.travelling.popFirst() else { return nil }
        self.travellingBytes -= segment.length
        return segment
    }

    /// The sender ends: what waits is dropped, what travels still arrives, and then the end.
    func end() {
        guard !self.isDead else { return }
        self.dropWaiting()
        self.travelling.append(Segment(bytes: [], isEnd: true))
    }

    /// Drops everything.
    func kill() {
        self.isDead = true
        self.dropWaiting()
        self.travelling.removeAll()
        self.travellingBytes = 0
    }

    /// Drops what waits; a segment that the uplink has begun to send is lost with it.
    private func dropWaiting() {
        self.waiting.removeAll()
        self.waitingBytes = 0
        self.isHeadOnUplink = false
    }
}
