// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

extension SimulatedNode {
    /// The disk is full: nothing is asked for until a retry works.
    func suspend() {
        self.retryAt = self.now + self.profile.storageRetry
        if self.phase == .downloading {
            self.phase = .suspended
            self.outcome.suspensions += 1
        }
    }

    /// Looks whether there is room again. One piece first: when it can be written the others follow.
    func retryStorage() {
        self.retryAt = nil
        guard self.phase == .suspended, self.trial == nil else { return }
        guard let first = self.unwritten.first, self.disk.hasRoom(for: self.geometry.length(of: first.piece)) else {
            self.retryAt = self.now + self.profile.storageRetry
            return
        }
        self.unwritten.removeFirst()
        self.trial = first.piece
        self.write(first.piece, isFalse: first.isFalse)
    }

    /// The disk works again.
    func recovered() {
        self.phase = self.swarm.isComplete ? .seeding : .downloading
        self.retryAt = nil
        self.trial = nil
        let waiting = self.unwritten
        self.unwritten = []
        for (piece, isFalse) in waiting { self.write(piece, isFalse: isFalse) }
        self.askIdlePeers()
    }
}
