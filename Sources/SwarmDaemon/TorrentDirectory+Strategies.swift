// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Deflate
import Logging
import PeerNetwork
import StateStore
import StrategyHost
import SwarmConfig
import SwarmEvents
import SwarmModel
import Swarming

extension TorrentDirectory {
    /// What is to decide for a torrent.
    func choice(for entry: TorrentEntry) -> StrategyChoice {
        StrategyChoice(entry.record, self.services.configuration.strategy)
    }

    /// Chooses strategies and compression for one torrent, over restarts too; nothing that was fetched is lost. What is given
    /// as nil stays as it is, `ControlProtocol.defaultStrategy` gives the configured one back. Throws before anything has
    /// changed.
    func set(_ params: TorrentSet.Params) async throws -> TorrentStrategies {
        let entry = try self.entry(params.id)
        let wanted = try await self.record(entry.record, with: params)
        try await self.make(StrategyChoice(wanted, self.services.configuration.strategy), for: entry)
        let isToMove = entry.record.moveTo != wanted.moveTo
        await self.save(entry, self.take(wanted, of: entry))
        if isToMove { self.moveWhenComplete(entry) }
        return self.strategies(of: entry)
    }

    /// Makes a torrent's record like `wanted`, as far as `set` changes it. Returns what is to be recorded.
    private func take(_ wanted: TorrentRecord, of entry: TorrentEntry) -> [TorrentChange] {
        var changes: [TorrentChange] = []
        if entry.record.picker != wanted.picker {
            entry.record.picker = wanted.picker
            changes.append(.picker(wanted.picker))
        }
        if entry.record.choker != wanted.choker {
            entry.record.choker = wanted.choker
            changes.append(.choker(wanted.choker))
        }
        if entry.record.compression != wanted.compression {
            entry.record.compression = wanted.compression
            entry.handle?.setCompression(wanted.compression.flatMap { CompressionMode(rawValue: $0) })
            changes.append(.compression(wanted.compression))
        }
        changes += self.take(wanted.seedLimits, of: entry)
        changes += self.take(moveTo: wanted.moveTo, of: entry)
        if entry.record.superSeeds != wanted.superSeeds {
            entry.record.superSeeds = wanted.superSeeds
            entry.handle?.setSuperSeeding(wanted.superSeeds)
            changes.append(.superSeeding(wanted.superSeeds))
        }
        return changes
    }

    /// Has every running torrent decided for by what the configuration says now, where it has none of its own. A strategy
    /// that cannot be made for a torrent leaves it the one that it has, with a line in the log.
    func applyStrategies() async {
        for infoHash in self.order {
            if let entry = self.entries[infoHash] { await self.applyStrategies(to: entry) }
        }
    }

    /// The same for one torrent.
    func applyStrategies(to entry: TorrentEntry) async {
        let wanted = self.choice(for: entry)
        do {
            try await self.make(wanted, for: entry)
        } catch {
            self.logger.event(
                .strategyMissing, "\(entry.outline.name) keeps its strategies: \(error)",
                entry.logFields(error).merging(["strategy.name": "\(wanted.picker.name)"]) { $1 })
        }
    }

    /// What decides for torrents: for `id` alone, or for all that have a choice of their own or work with another strategy
    /// than they should.
    func strategies(_ id: TorrentSelector?) throws(ControlError) -> [TorrentStrategies] {
        if let id { return [self.strategies(of: try self.entry(id))] }
        return self.order.compactMap { self.entries[$0] }.map { self.strategies(of: $0) }.filter {
            $0.ownPicker || $0.ownChoker || $0.ownCompression || $0.superSeeding
                || $0.workingPicker ?? $0.picker != $0.picker || $0.workingChoker ?? $0.choker != $0.choker
        }
    }

    private func strategies(of entry: TorrentEntry) -> TorrentStrategies {
        let choice = self.choice(for: entry)
        let status = entry.handle?.status
        var strategies = TorrentStrategies(
            infoHash: entry.infoHash, name: entry.outline.name, picker: choice.picker.name, choker: choice.choker.name,
            ownPicker: entry.record.picker != nil, ownChoker: entry.record.choker != nil,
            compression: self.compression(of: entry).rawValue, ownCompression: entry.record.compression != nil,
            superSeeding: entry.record.superSeeds,
            workingPicker: status?.picker, workingChoker: status?.choker)
        strategies.seedRatio = entry.record.seedLimits.ratio
        strategies.seedTime = entry.record.seedLimits.time.map { Int($0) }
        strategies.seedIdle = entry.record.seedLimits.idle.map { Int($0) }
        strategies.moveTo = entry.record.moveTo
        return strategies
    }

    /// Whether a torrent's data is compressed.
    func compression(of entry: TorrentEntry) -> CompressionMode {
        entry.record.compression.flatMap { CompressionMode(rawValue: $0) }
            ?? CompressionMode(self.services.configuration.wire.compression)
    }

    /// The record as it is to be. Throws when it names what cannot be used.
    private func record(
        _ record: TorrentRecord, with params: TorrentSet.Params
    ) async throws -> TorrentRecord {
        var wanted = record
        if let name = params.compression {
            wanted.compression = name == ControlProtocol.defaultStrategy ? nil : name
            if let own = wanted.compression, CompressionMode(rawValue: own) == nil {
                throw ControlError("compression", isOneOf: CompressionMode.allCases.map(\.rawValue), not: own)
            }
        }
        if let word = params.superSeeding {
            let words = ["on", "off"]
            guard words.contains(word) else { throw ControlError("super_seeding", isOneOf: words, not: word) }
            wanted.superSeeds = word == "on"
        }
        if let path = params.moveTo {
            wanted.moveTo = path == ControlProtocol.defaultStrategy ? nil : try PayloadFolder(path).path
        }
        wanted.seedLimits = try Self.seedLimits(record.seedLimits, with: params)
        let settings = self.services.configuration.strategy
        if let name = params.picker {
            wanted.picker = name == ControlProtocol.defaultStrategy ? nil : name
            if let own = wanted.picker {
                try await self.services.strategies.require(.picker, StrategyUse(own, settings))
            }
        }
        if let name = params.choker {
            wanted.choker = name == ControlProtocol.defaultStrategy ? nil : name
            if let own = wanted.choker {
                try await self.services.strategies.require(.choker, StrategyUse(own, settings))
            }
        }
        return wanted
    }

    /// Puts other strategies in the place of those that decide for a running torrent. Does nothing for one that does not
    /// run, or for which they decide already.
    private func make(_ wanted: StrategyChoice, for entry: TorrentEntry) async throws {
        let library = self.services.strategies
        guard entry.handle != nil, entry.choice != wanted else { return }
        let maker = await library.maker(of: wanted)
        guard let handle = entry.handle, let old = entry.choice, old != wanted else { return }
        let geometry = entry.outline.geometry
        let seed = UInt64.random(in: 0...UInt64.max)
        let makePicker: @Sendable () throws -> any PiecePicker = {
            try library.makePicker(wanted.picker, for: geometry, seed: seed)
        }
        let makeChoker: @Sendable () throws -> any Choker = {
            try library.makeChoker(wanted.choker, for: geometry, seed: seed)
        }
        // At once, so that whoever chooses again meanwhile compares with this; the loop takes both in their order.
        entry.choice = wanted
        do {
            try await handle.replaceStrategies(
                maker, picker: wanted.picker == old.picker ? nil : makePicker,
                choker: wanted.choker == old.choker ? nil : makeChoker)
        } catch {
            if entry.handle === handle, entry.choice == wanted { entry.choice = old }
            throw error
        }
        self.report(.picker, old.picker, wanted.picker, of: entry)
        self.report(.choker, old.choker, wanted.choker, of: entry)
    }

    private func report(_ kind: StrategyKind, _ old: StrategyUse, _ new: StrategyUse, of entry: TorrentEntry) {
        guard old != new else { return }
        let what = old.name == new.name ? "\(new.name) with other options" : "\(new.name) instead of \(old.name)"
        self.logger.event(
            .strategyChanged, "the \(kind) of \(entry.outline.name) is \(what)",
            entry.logFields.merging(["strategy.kind": "\(kind)", "strategy.name": "\(new.name)"]) { $1 })
    }
}
