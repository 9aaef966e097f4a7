// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import StrategyHost
import SwarmConfig
import SwarmEvents
import SwarmModel
import Swarming

/// The strategies that torrents may name, and what happens when one that was there is not any more.
struct StrategyLibrary: Sendable {
    let host: StrategyHost
    let logger: Logger

    /// Throws what is wrong with either name, so that a mistake is told before anything starts.
    func require(picker: String, choker: String) throws(StrategyError) {
        try self.host.check(.picker, named: picker)
        try self.host.check(.choker, named: choker)
    }

    /// A picker for one torrent; the built-in one, with a line in the log, when the plugin fails to make it.
    func picker(_ name: String, for geometry: TorrentGeometry, seed: UInt64) -> any PiecePicker {
        do {
            return try self.host.makePicker(named: name, for: geometry, seed: seed)
        } catch {
            self.report(error, name)
            return RarestPicker(pieceCount: geometry.pieceCount, random: SplitMix64(seed: seed))
        }
    }

    /// A choker for one torrent, likewise.
    func choker(_ name: String, for geometry: TorrentGeometry, seed: UInt64) -> any Choker {
        do {
            return try self.host.makeChoker(named: name, for: geometry, seed: seed)
        } catch {
            self.report(error, name)
            return TurnChoker()
        }
    }

    /// Every plugin, for people.
    func statuses(_ defaults: StrategySettings) -> [PluginStatus] {
        self.host.installed().strategies.map { plugin in
            PluginStatus(
                kind: plugin.kind.description, name: plugin.name, version: plugin.version, summary: plugin.summary,
                path: plugin.path, isDefault: plugin.name == defaults.picker || plugin.name == defaults.choker,
                faults: Int(clamping: plugin.faults), disabled: false)
        }
    }

    private func report(_ error: StrategyError, _ name: String) {
        self.logger.event(
            .strategyMissing, "the strategy \(name) failed and the built-in one takes its place: \(error)",
            ["strategy.name": "\(name)", "error.message": "\(error)"])
    }
}
