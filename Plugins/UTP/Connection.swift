// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// One connection: calls go in with the time, datagrams and plain bytes come out through its `Link`.
///
/// Packets are sent at the end of a run of calls (`settle`), as many as the window allows, so that they leave together; and
/// one acknowledgement answers all packets of a run.
final class Connection {
    enum Stage {
        /// A responder that has not seen the first packet.
        case listening
        /// Our first packet is under way.
        case connecting
        /// The peer's first packet is answered; it has sent nothing more.
        case answered
        /// Bytes flow.
        case open
        /// We have said our last.
        case closing
        /// Nothing more happens.
        case over
    }

    /// Bytes not sent yet that `write` takes beyond what may be under way.
    static let writeAhead = 256 << 10
    /// A lone packet is acknowledged after this long.
    static let acknowledgementDelay = 25 * RoundTrip.millisecond
    /// Something is sent at least this often, so that nothing on the path forgets the connection.
    static let keepAliveInterval: Int64 = 29_000 * RoundTrip.millisecond
    /// Packets of ours that the peer may take this long to acknowledge when only one is under way.
    static let patienceForLonePacket = 100 * RoundTrip.millisecond
    static let shortestProbeDelay = 5 * RoundTrip.millisecond
    /// How long a peer that takes nothing may be silent.
    static let patienceForSilence: Int64 = 90_000 * RoundTrip.millisecond
    /// Timeouts in a row after which the connection has failed: a bit more than a minute.
    static let maximumTimeouts = 7
    static let maximumFirstTimeouts = 4
    /// Acknowledgements older than this are no stragglers.
    static let maximumAge = 4_096

    let link: Link
    let sendID: UInt16
    let receiveID: UInt16
    var stage: Stage
    var queue: SendQueue
    var incoming: ReceiveQueue
    var roundTrip = RoundTrip()
    var delay = QueueingDelay()
    var window: CongestionWindow
    var path: PathProbe
    /// What the peer still takes.
    var peerWindow = 0
    /// What the host still takes.
    var room = 0
    /// The window that the peer was told last.
    var toldWindow = 0
    /// The delay of the peer's last packet, to be reported back.
    var echo: UInt32 = 0
    /// The number of the peer's last packet, once known.
    var lastOfPeer: UInt16?

    /// Packets in order that are not acknowledged.
    var unacknowledged = 0
    var mustAcknowledge = false
    var lastHeard: Int64
    var lastSent: Int64
    var timeouts = 0
    /// `write` took less than it was given.
    var isRefusing = false
    var duplicates = 0
    /// Acknowledged packets that lie after one that is not, which make it a lost one.
    var lossCount = 3
    /// The last packet told another window than the one before.
    var isWindowNews = false
    /// When the most recently sent of the acknowledged packets was sent.
    var newestSent = Int64.min
    /// Losses of packets before this one belong to a loss already counted.
    var recovery: UInt16
    /// Packets before this one were looked at for losses by count.
    var countedTo: UInt16
    var nextLook = Int64.min

    /// When everything under way is taken for lost; and when the last packet is repeated to learn what is.
    var timeoutAt = Int64.max
    var probeAt = Int64.max
    /// When a packet is sent though the peer takes nothing.
    var persistAt = Int64.max
    /// Such a packet is under way.
    var isPersisting = false
    var acknowledgeAt = Int64.max
    /// Room to make packets in that are not kept.
    let scratch: UnsafeMutablePointer<UInt8>
    let scratchSize: Int

    /// `target` is the wait that the congestion window aims at, in microseconds.
    init(_ setup: LinkSetup, target: Int64, firstNumber: UInt16) {
        self.link = setup.link
        let key = UInt16(truncatingIfNeeded: setup.key)
        self.receiveID = key
        self.sendID = setup.isInitiator ? key &+ 1 : key &- 1
        self.stage = setup.isInitiator ? .connecting : .listening
        self.queue = SendQueue(first: firstNumber)
        self.incoming = ReceiveQueue(last: 0)
        self.path = PathProbe(limit: setup.maximumDatagram)
        self.window = CongestionWindow(packet: self.path.size - PacketHeader.length, target: target, at: setup.now)
        self.recovery = firstNumber
        self.countedTo = firstNumber
        self.lastHeard = setup.now
        self.lastSent = setup.now
        self.scratchSize = max(setup.maximumDatagram, PacketHeader.length + 2 + ReceiveQueue.maximumMask)
        self.scratch = .allocate(capacity: self.scratchSize)
        if setup.isInitiator {
            self.queue.append(.syn)
            self.flush(at: setup.now)
        }
    }

    deinit {
        self.scratch.deallocate()
    }

    /// Bytes of payload of a full packet.
    var packetRoom: Int { self.path.size - PacketHeader.length }

    /// What the host takes, less what waits for a missing packet.
    var freeRoom: Int { max(0, self.room - self.incoming.byteCount) }

    func fail(_ reason: StaticString) {
        guard self.stage != .over else { return }
        self.stage = .over
        self.link.failed(reason)
    }

    func end() {
        guard self.stage != .over else { return }
        self.stage = .over
        self.link.ended()
    }
}
