// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Wait between attempts of a torrent whose storage failed.
    static let storageRetry = Interval.seconds(5)

    /// Makes durable what is stored and then reports it, in this order: payload written, fdatasync, "have" recorded.
    func synchronise(then done: @escaping () -> Void) {
        self.synchroniseAt = nil
        guard !self.unsynchronised.isEmpty, !self.isSynchronising else { return done() }
        self.isSynchronising = true
        let pieces = self.unsynchronised
        self.unsynchronised = []
        let bound = NIOLoopBound((self, done), eventLoop: self.loop)
        self.storage.synchronise(on: self.loop) { result in
            let (torrent, done) = bound.value
            torrent.synchronised(pieces, result)
            done()
        }
    }

    private func synchronised(_ pieces: [PieceIndex], _ result: Result<Void, StorageError>) {
        self.isSynchronising = false
        switch result {
        case .success:
            for piece in pieces where !self.doubtful[piece] { self.durable.insert(piece) }
            self.observer.torrent(self.infoHash, hasDurably: self.durable)
        case .failure(let error):
            // The kernel may have dropped what it could not write; these pieces are checked anew at the next start.
            for piece in pieces { self.doubtful.insert(piece) }
            self.suspend(because: error, at: self.now)
        }
        if !self.unsynchronised.isEmpty, self.synchroniseAt == nil {
            self.synchroniseAt = self.now + self.services.configuration.syncInterval
        }
    }

    /// Storage failed: nothing is requested until a retry works.
    func suspend(because error: StorageError, at now: Instant) {
        self.retryAt = now + Self.storageRetry
        guard self.phase == .downloading else { return }
        self.phase = .suspended
        self.problem = "\(error)"
        self.observer.torrent(self.infoHash, suspendedBy: error)
        self.publish(at: now)
    }

    /// Tries again after a storage failure: hands in the first piece that could not be written. When that works the
    /// others follow; nothing has to be fetched again.
    func retryStorage(at now: Instant) {
        self.retryAt = nil
        guard self.phase == .suspended else { return }
        guard !self.unwritten.isEmpty else { return self.recovered(at: now) }
        let first = self.unwritten.removeFirst()
        self.write(first.piece, first.buffer)
    }

    /// Storage works again.
    func recovered(at now: Instant) {
        self.phase = self.swarm.isComplete ? .seeding : .downloading
        self.problem = nil
        self.retryAt = nil
        let waiting = self.unwritten
        self.unwritten = []
        for (piece, buffer) in waiting { self.write(piece, buffer) }
        self.observer.torrentResumed(self.infoHash)
        self.askIdlePeers(at: now)
        self.publish(at: now)
    }
}
