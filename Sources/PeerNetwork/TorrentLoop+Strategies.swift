// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

extension TorrentLoop {
    /// Lets other strategies decide from now on, where one is given, and has them made by `maker` after a rest. Both are made
    /// before either is put in place, so that nothing changes when one cannot be made.
    func replaceStrategies(
        _ maker: any StrategyMaker, picker makePicker: (() throws -> any PiecePicker)?,
        choker makeChoker: (() throws -> any Choker)?
    ) throws {
        let picker = try makePicker?()
        let choker = try makeChoker?()
        let now = self.now
        self.swarm.replaceStrategies(maker, picker: picker, choker: choker, at: now)
        if picker != nil { self.askIdlePeers(at: now) }
        self.publish(at: now)
    }
}
