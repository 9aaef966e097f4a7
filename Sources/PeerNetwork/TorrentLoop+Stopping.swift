// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel

extension TorrentLoop {
    /// Ends all connections, and those that are being made, waits for the pieces that are being written, and makes durable
    /// what is stored: the future gives the pieces that may be recorded. Asked again it gives the same.
    func stop() -> EventLoopFuture<Bitfield> {
        let promise = self.loop.makePromise(of: Bitfield.self)
        self.stopPromises.append(promise)
        self.end()
        self.finishStopping()
        return promise.futureResult
    }

    private func end() {
        guard self.phase != .stopped else { return }
        self.phase = .stopped
        self.problem = nil
        self.retryAt = nil
        self.failure = nil
        self.unreadable = nil
        self.tickTask?.cancel()
        self.tickTask = nil
        self.restWebSeeds()
        self.leavePaces()
        self.closeAll()
        self.closeCaches()
        self.inflater = nil
        self.inflateScratch = []
        self.metadataFetch = nil
        self.metadataBytes = nil
        self.layerFetch = nil
        self.trials = [:]
        self.questions = []
        self.unwritten = []
        self.buffers = []
        self.arriving = 0
        self.publish(at: self.now)
    }

    /// Answers those who asked for the stop once nothing is under way any more.
    func finishStopping() {
        guard self.phase == .stopped, !self.stopPromises.isEmpty, self.writing == 0, !self.isMending else { return }
        // Comes back here when it is done.
        self.synchronise()
        guard !self.isSynchronising, !self.isClosingFiles else { return }
        self.isClosingFiles = true
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.storage.closeFiles(on: self.loop) { _ in bound.value.stopped() }
    }

    private func stopped() {
        self.isClosingFiles = false
        self.publish(at: self.now)
        let promises = self.stopPromises
        self.stopPromises = []
        for promise in promises { promise.succeed(self.durable) }
    }
}
