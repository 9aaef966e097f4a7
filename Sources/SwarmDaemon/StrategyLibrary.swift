// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import NIOPosix
import StrategyHost
import SwarmConfig
import SwarmEvents
import SwarmModel
import Swarming
import Synchronization

/// The strategies that torrents may name, and what happens when one that was there is not any more.
final class StrategyLibrary: Sendable {
    let host: StrategyHost
    let logger: Logger
    /// Lines that were written: what is wrong with a file is told once, however many torrents name it.
    private let told = Mutex<Set<String>>([])
    /// The maker that was asked for last: most torrents share one.
    private let latest = Mutex<TorrentStrategyMaker?>(nil)

    init(host: StrategyHost, logger: Logger) {
        self.host = host
        self.logger = logger
    }

    /// Every plugin that there is; a line in the log for each file that cannot be used, and for each of the strategies of
    /// `needed` that cannot be had. Reads the disk, and runs the plugins' code: not for an event loop.
    @discardableResult
    func survey(needed: StrategyChoice? = nil) -> (strategies: [StrategyDescription], errors: [StrategyError]) {
        let found = self.host.installed()
        if let needed {
            self.reportMissing(.picker, needed.picker)
            self.reportMissing(.choker, needed.choker)
        }
        for error in found.errors where self.isNews("\(error)") {
            self.logger.event(.pluginUnusable, "\(error)", ["error.message": "\(error)"])
        }
        return found
    }

    /// As `survey`, on a thread that may wait.
    func surveyed() async -> (strategies: [StrategyDescription], errors: [StrategyError]) {
        await Self.offLoop { self.survey() }
    }

    /// Throws what is wrong with a strategy that somebody asks for, so that a mistake is told before anything happens.
    func require(_ kind: StrategyKind, _ use: StrategyUse) async throws(StrategyError) {
        let result = await Self.offLoop { () -> Result<Void, StrategyError> in
            Result { () throws(StrategyError) in try self.check(kind, named: use.name, options: use.options) }
        }
        try result.get()
    }

    /// The same at once, on a thread that may wait. One that there is not is told with the name that was meant.
    func check(
        _ kind: StrategyKind, named name: String, options: [String: String] = [:]
    ) throws(StrategyError) {
        do throws(StrategyError) {
            try self.host.check(kind, named: name, options: options)
        } catch {
            guard error.code == .notFound else { throw error }
            let names = self.host.installed().strategies.filter { $0.kind == kind }.map(\.name)
            let near = NearestName.nearest(to: name, among: names)
            throw error.advising(near.map { "did you mean \($0)?" } ?? "`swarmctl plugins` lists what there is")
        }
    }

    /// Who makes what a choice names. That is loaded here, so that making it later takes no time; the log tells what cannot be
    /// had.
    func maker(of choice: StrategyChoice) async -> TorrentStrategyMaker {
        let names = await Self.offLoop {
            (
                picker: self.workingName(.picker, choice.picker, builtIn: BuiltInStrategies.shared.pickerName),
                choker: self.workingName(.choker, choice.choker, builtIn: BuiltInStrategies.shared.chokerName)
            )
        }
        return self.latest.withLock { latest in
            if let latest, latest.choice == choice, (latest.pickerName, latest.chokerName) == names { return latest }
            let maker = TorrentStrategyMaker(choice, names: names, library: self)
            latest = maker
            return maker
        }
    }

    /// What `picker` and `choker` will come up with.
    private func workingName(_ kind: StrategyKind, _ use: StrategyUse, builtIn: String) -> String {
        do throws(StrategyError) {
            try self.host.check(kind, named: use.name, options: use.options)
            return use.name
        } catch {
            self.report(error, kind, use)
            let shipped = Self.shipped(kind)
            let isThere = (try? self.host.check(kind, named: shipped.name, options: shipped.options)) != nil
            return use != shipped && isThere ? shipped.name : builtIn
        }
    }

    /// The strategy that is the default.
    private static func shipped(_ kind: StrategyKind) -> StrategyUse {
        let choice = StrategyChoice(DaemonConfiguration().strategy)
        return kind == .picker ? choice.picker : choice.choker
    }

    /// The picker that was asked for, for one torrent.
    func makePicker(
        _ use: StrategyUse, for geometry: TorrentGeometry, seed: UInt64
    ) throws(StrategyError) -> sending any PiecePicker {
        try self.host.makePicker(named: use.name, for: geometry, options: use.options, seed: seed)
    }

    /// The choker that was asked for, for one torrent.
    func makeChoker(
        _ use: StrategyUse, for geometry: TorrentGeometry, seed: UInt64
    ) throws(StrategyError) -> sending any Choker {
        try self.host.makeChoker(named: use.name, for: geometry, options: use.options, seed: seed)
    }

    /// A picker in any case: the one that ships when the one asked for cannot be had, the built-in one when that cannot
    /// either. The log tells.
    func picker(_ use: StrategyUse, for geometry: TorrentGeometry, seed: UInt64) -> any PiecePicker {
        do throws(StrategyError) {
            return try self.makePicker(use, for: geometry, seed: seed)
        } catch {
            self.report(error, .picker, use)
            let shipped = Self.shipped(.picker)
            if use != shipped, let other = try? self.makePicker(shipped, for: geometry, seed: seed) { return other }
            return BuiltInStrategies.shared.makePicker(for: geometry, seed: seed)
        }
    }

    /// A choker in any case, likewise.
    func choker(_ use: StrategyUse, for geometry: TorrentGeometry, seed: UInt64) -> any Choker {
        do throws(StrategyError) {
            return try self.makeChoker(use, for: geometry, seed: seed)
        } catch {
            self.report(error, .choker, use)
            let shipped = Self.shipped(.choker)
            if use != shipped, let other = try? self.makeChoker(shipped, for: geometry, seed: seed) { return other }
            return BuiltInStrategies.shared.makeChoker(for: geometry, seed: seed)
        }
    }

    private func reportMissing(_ kind: StrategyKind, _ use: StrategyUse) {
        do throws(StrategyError) {
            try self.host.check(kind, named: use.name)
        } catch {
            self.report(error, kind, use)
        }
    }

    private func report(_ error: StrategyError, _ kind: StrategyKind, _ use: StrategyUse) {
        // That a plugin was turned off was told when it happened.
        guard error.code != .turnedOff, self.isNews("\(kind) \(use.name): \(error)") else { return }
        // Nor need it be told once more of the file alone.
        _ = self.isNews("\(error)")
        self.logger.event(
            .strategyMissing, "the \(kind) \(use.name) cannot be used, another takes its place: \(error)",
            ["strategy.name": "\(use.name)", "strategy.kind": "\(kind)", "error.message": "\(error)"])
    }

    private func isNews(_ line: String) -> Bool { self.told.withLock { $0.insert(line).inserted } }

    private static func offLoop<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            NIOThreadPool.singleton.submit { _ in continuation.resume(returning: body()) }
        }
    }
}
