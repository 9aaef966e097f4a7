// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel
import Swarming

/// What is kept of blocks that go out: made for the first of them, and let go of with the last peer.
extension TorrentLoop {
    /// Blocks that were read.
    var readCache: BlockCache { self.readCacheIfAny ?? self.makeReadCache() }

    /// Blocks that are compressed already.
    var compressed: CompressedBlocks { self.compressedIfAny ?? self.makeCompressed() }

    private func makeReadCache() -> BlockCache {
        let cache = BlockCache(
            storage: self.storage, loop: self.loop, limit: self.services.configuration.readCachePerTorrent)
        if self.phase == .stopped {
            cache.isWhole = { _ in false }
        } else {
            cache.whenRead = { [unowned self] run, error in
                self.finishedReading(run, error)
                self.noteRead(run, error)
            }
            cache.isWhole = { [unowned self] in self.swarm.have[$0] }
        }
        self.readCacheIfAny = cache
        return cache
    }

    private func makeCompressed() -> CompressedBlocks {
        let blocks = CompressedBlocks(geometry: self.geometry, budget: self.services.compression.budget)
        self.compressedIfAny = blocks
        return blocks
    }

    /// The torrent takes part no more: what is still being read is for nobody.
    func closeCaches() {
        self.readCacheIfAny?.removeAll()
        self.readCacheIfAny?.whenRead = nil
        self.readCacheIfAny?.isWhole = { _ in false }
        self.compressedIfAny?.removeAll()
    }

    /// Gives back what only peers need, when there are none and nothing is under way.
    func rest() {
        self.swarm.rest()
        if self.readCacheIfAny?.isIdle == true { self.readCacheIfAny = nil }
        if self.speed.inFlight == 0, self.compressedIfAny?.isEmpty == true { self.compressedIfAny = nil }
        guard self.connections.isEmpty, self.dials.isEmpty else { return }
        self.events = []
        self.blocks = []
        self.cancels = []
        self.outgoing = []
        if self.arriving == 0, self.swarm.openPieceCount == 0 { self.buffers = [] }
    }
}
