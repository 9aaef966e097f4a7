// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Makes durable what is stored and then reports it, in this order: payload written, fdatasync, "have" recorded.
    func synchronise() {
        self.synchroniseAt = nil
        guard !self.unsynchronised.isEmpty, !self.isSynchronising else { return }
        self.isSynchronising = true
        let pieces = self.unsynchronised
        self.unsynchronised = []
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.storage.synchronise(on: self.loop) { bound.value.synchronised(pieces, $0) }
    }

    private func synchronised(_ pieces: [PieceIndex], _ result: Result<Void, StorageError>) {
        self.isSynchronising = false
        switch result {
        case .success:
            for piece in pieces where !self.doubtful[piece] { self.durable.insert(piece) }
            self.observer.torrent(self.infoHash, hasDurably: self.durable)
        case .failure(let error):
            if error.operation == .synchronise {
                // The kernel may have dropped what it could not write: these pieces are checked anew at the next start.
                for piece in pieces { self.doubtful.insert(piece) }
            } else if self.phase != .stopped {
                // A stop does not wait until it is mended.
                self.unsynchronised += pieces
            }
            self.suspend(because: error, at: self.now)
        }
        if !self.unsynchronised.isEmpty, self.synchroniseAt == nil {
            self.synchroniseAt = self.now + self.services.limits.current.syncInterval
        }
        self.finishStopping()
    }

    /// Storage failed: nothing is requested until a retry works. A seed goes on serving what it can read.
    func suspend(because error: StorageError, at now: Instant) {
        guard self.phase != .stopped else { return }
        self.failure = error
        self.retryAt = now + self.services.configuration.storageRetry
        self.wake()
        if self.phase == .downloading { self.phase = .suspended }
        let isNews = self.problem == nil
        self.problem = "\(error)"
        self.publish(at: now)
        if isNews { self.observer.torrent(self.infoHash, suspendedBy: error) }
    }

    /// A read that somebody waited for has ended. When it failed the file is looked at again and again until it is mended.
    func noteRead(_ run: BlockRange, _ error: StorageError?) {
        guard let error, self.retryAt == nil, self.phase != .stopped else { return }
        self.failure = error
        self.unreadable = run.piece
        self.retryAt = self.now + self.services.configuration.storageRetry
        self.wake()
    }

    /// Looks whether the storage has been mended since it failed.
    func retryStorage(at now: Instant) {
        self.retryAt = nil
        guard self.phase != .stopped, let failure = self.failure, !self.isMending, self.trial == nil else { return }
        self.isMending = true
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.storage.checkAgain(after: failure, self.swarm.have, probing: self.unreadable, on: self.loop) { result in
            let torrent = bound.value
            torrent.isMending = false
            torrent.checkedAgain(result)
        }
    }

    private func checkedAgain(_ result: Result<Void, StorageError>) {
        guard self.phase != .stopped else { return self.finishStopping() }
        if case .failure(let error) = result {
            self.failure = error
            self.problem = "\(error)"
            self.retryAt = self.now + self.services.configuration.storageRetry
            self.wake()
            return self.publish(at: self.now)
        }
        guard self.phase == .suspended, !self.unwritten.isEmpty else { return self.recovered(at: self.now) }
        // One first: when it can be written the others follow, and nothing has to be fetched again.
        let first = self.unwritten.removeFirst()
        self.trial = first.piece
        self.write(first.piece, first.buffer)
    }

    /// Storage works again.
    func recovered(at now: Instant) {
        let wasComplete = self.phase == .seeding
        if !wasComplete { self.phase = .downloading }
        self.problem = nil
        self.retryAt = nil
        self.failure = nil
        self.unreadable = nil
        self.trial = nil
        let waiting = self.unwritten
        self.unwritten = []
        for (piece, buffer) in waiting { self.write(piece, buffer) }
        if !self.unsynchronised.isEmpty, self.synchroniseAt == nil { self.synchroniseAt = now }
        self.publish(at: now)
        self.observer.torrentResumed(self.infoHash)
        self.askIdlePeers(at: now)
        // The last piece may have been stored while others could not be.
        if !wasComplete, self.swarm.isFinished, self.selecting == nil { self.completed(at: now) }
    }
}
