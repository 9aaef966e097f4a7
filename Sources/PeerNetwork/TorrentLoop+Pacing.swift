// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PeerWire
import SwarmModel

/// Holding a torrent to its caps. Downloads are paced by the requests that are made, so that connections are read on and
/// what else peers say is not held up; uploads by the blocks that are handed to connections.
///
/// While a direction is held, nothing moves in it but in the turns that its timer gives: peers one after another, a few
/// blocks each, and the next turn begins where this one ended.
extension TorrentLoop {
    /// Takes new caps of the torrent's own, in bytes a second; 0 for none.
    func change(caps: TransferCaps) {
        let now = self.now
        self.downloadPace.change(bytesPerSecond: caps.download, at: now)
        self.uploadPace.change(bytesPerSecond: caps.upload, at: now)
        self.resumePaced()
    }

    /// The caps of all torrents have changed.
    func sharedCapsChanged() {
        self.downloadPace.lookAtShared()
        self.uploadPace.lookAtShared()
        self.resumePaced()
    }

    /// The longest block that peers may ask for: under a cap a long one would be a burst.
    var acceptedBlockLength: UInt32 { self.uploadPace.isCapped ? TorrentGeometry.blockLength : WireLimits.blockLength }

    /// Under other caps what was held may go on at once.
    private func resumePaced() {
        guard self.phase != .stopped else { return }
        let length = self.acceptedBlockLength
        for connection in Array(self.connections.values) {
            connection.session.setAcceptedBlockLength(length)
            self.flush(connection)
        }
        if self.downloadPace.isHeld { self.takeDownloadTurn() }
        if self.uploadPace.isHeld { self.takeUploadTurn() }
    }

    /// Leaves the queues of those that wait.
    func leavePaces() {
        self.downloadPace.leave(ObjectIdentifier(self))
        self.uploadPace.leave(ObjectIdentifier(self))
        self.downloadPace.isHeld = false
        self.uploadPace.isHeld = false
    }

    // MARK: - Down

    /// How many of `room` blocks may be asked for now; their bytes are taken out.
    func pacedRequests(_ room: Int, at now: Instant) -> Int {
        guard !self.downloadPace.isHeld else { return 0 }
        let block = Int(TorrentGeometry.blockLength)
        let wanted = min(room, TorrentPace.turn) * block
        switch self.downloadPace.take(wanted, least: block, for: ObjectIdentifier(self), at: now) {
        case .granted(let bytes):
            self.downloadPace.giveBack(bytes % block)
            return bytes / block
        case .wait(let time):
            self.downloadPace.isHeld = true
            self.schedule(in: time) { $0.takeDownloadTurn() }
            return 0
        }
    }

    private func takeDownloadTurn() {
        guard self.downloadPace.isHeld else { return }
        self.downloadPace.isHeld = false
        let now = self.now
        // Whoever asks first gets what little there is: peers and web seeds by turns.
        self.webSeedsGoFirst.toggle()
        if self.webSeedsGoFirst { self.feedHeldWebSeeds(at: now) }
        self.goRound(from: \.downloadPace) { connection in
            let before = connection.session.outstandingCount
            self.request(from: connection, at: now)
            self.flush(connection)
            return connection.session.outstandingCount > before
        }
        if !self.webSeedsGoFirst { self.feedHeldWebSeeds(at: now) }
        if !self.downloadPace.isHeld { self.downloadPace.leave(ObjectIdentifier(self)) }
    }

    // MARK: - Up

    /// How many bytes of the blocks that wait for `connection` may go now, a turn's at most; they are taken out.
    func pacedUpload(to connection: PeerConnection, at now: Instant) -> Int {
        guard !self.uploadPace.isHeld, let first = connection.session.peekUpload() else { return 0 }
        var wanted = 0
        for index in 0..<min(TorrentPace.turn, connection.session.uploadQueueCount) {
            wanted += Int(connection.session.upload(at: index).length)
        }
        switch self.uploadPace.take(wanted, least: Int(first.length), for: ObjectIdentifier(self), at: now) {
        case .granted(let bytes): return bytes
        case .wait(let time):
            self.uploadPace.isHeld = true
            self.schedule(in: time) { $0.takeUploadTurn() }
            return 0
        }
    }

    private func takeUploadTurn() {
        guard self.uploadPace.isHeld else { return }
        self.uploadPace.isHeld = false
        self.goRound(from: \.uploadPace) { connection in
            let before = connection.session.uploadQueueCount
            guard before > 0, connection.link.isWritable, !connection.awaitsBlocks else { return false }
            _ = self.serveTurn(connection)
            self.flush(connection)
            return connection.session.uploadQueueCount < before
        }
        if !self.uploadPace.isHeld { self.uploadPace.leave(ObjectIdentifier(self)) }
    }

    // MARK: - Turns

    /// Gives each peer its turn until the direction is held again or no peer wants more.
    private func goRound(
        from pace: ReferenceWritableKeyPath<TorrentLoop, TorrentPace>, _ turn: (PeerConnection) -> Bool
    ) {
        var idle = 0
        while !self[keyPath: pace].isHeld, idle < self.peers.count {
            let index = self[keyPath: pace].nextPeer % self.peers.count
            let moved = self.peers[index].map { !$0.isClosed && turn($0) } ?? false
            idle = moved ? 0 : idle + 1
            // Whoever was refused has the next turn.
            if !self[keyPath: pace].isHeld || moved { self[keyPath: pace].nextPeer = index + 1 }
        }
    }

    private func schedule(in time: Interval, _ body: @escaping @Sendable (TorrentLoop) -> Void) {
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.loop.scheduleTask(in: .nanoseconds(time.nanoseconds)) { body(bound.value) }
    }
}
