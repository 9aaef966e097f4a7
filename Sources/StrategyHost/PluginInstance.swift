// SPDX-License-Identifier: Apache-2.0

import CLinux
import CSwarmPlugin
import Logging
import PeerTransport
import SwarmEvents
import SwarmModel

/// What one instance of a plugin holds on to: its handle, the host functions it may call, and its record of faults.
final class PluginInstance {
    let plugin: LoadedPlugin
    private var live: UnsafeMutableRawPointer?
    /// Nanoseconds that being told of something may take.
    private let tellingLimit: UInt64
    private let host: UnsafeMutablePointer<swarm_host>
    private let logger: Logger
    private let destroy: @convention(c) (UnsafeMutableRawPointer?) -> Void

    typealias Create =
        @convention(c) (
            UnsafePointer<swarm_host>?, UnsafePointer<swarm_torrent>?, UnsafePointer<swarm_option_value>?, Int
        ) -> UnsafeMutableRawPointer?
    typealias Destroy = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// Makes an instance for a torrent; `values` has one element for each of the plugin's options.
    init(
        of plugin: LoadedPlugin, for geometry: TorrentGeometry, values: [StrategyOptionValue], seed: UInt64,
        logger: Logger, create: Create, destroy: @escaping Destroy
    ) throws(StrategyError) {
        self.plugin = plugin
        self.logger = logger
        self.destroy = destroy
        self.tellingLimit = CallBudget.nanoseconds + UInt64(geometry.pieceCount) * CallBudget.nanosecondsPerPiece
        self.host = .allocate(capacity: 1)
        self.host.initialize(
            to: swarm_host(
                struct_size: UInt32(MemoryLayout<swarm_host>.size), abi_major: UInt16(SWARM_ABI_MAJOR),
                abi_minor: UInt16(SWARM_ABI_MINOR), context: nil, seed: seed, log: PluginInstance.log,
                secure_random: nil))
        self.host.pointee.context = Unmanaged.passUnretained(self).toOpaque()
        let host = UnsafePointer(self.host)
        self.live = Self.withTorrent(geometry) { torrent in
            Self.withValues(values, of: plugin.options) { values in
                Self.marked(plugin) { create(host, torrent, values, plugin.options.count) }
            }
        }
        guard self.live != nil else {
            throw StrategyError(
                code: .refused, message: "\(plugin.kind) \(plugin.name) made no instance for this torrent")
        }
    }

    deinit {
        if let live = self.live { Self.marked(self.plugin) { self.destroy(live) } }
        self.host.deallocate()
    }

    /// What the plugin calls this instance; nil once the plugin was turned off, for this torrent or for another. Not to be
    /// asked for from inside a call.
    var handle: UnsafeMutableRawPointer? {
        guard self.plugin.record.isTurnedOff, let live = self.live else { return self.live }
        self.live = nil
        Self.marked(self.plugin) { self.destroy(live) }
        return nil
    }

    /// A decision is about to be asked.
    func begin() -> CallStart {
        CallStart(
            clock: self.plugin.clock.now(), usage: self.plugin.record.isWatched ? ThreadUsage.now() : nil,
            outer: clinux_call_begin(self.plugin.number))
    }

    /// Counts the decision that was asked at `start`, and a fault when it took longer than it may.
    func finish(_ start: CallStart, fallback: String) {
        clinux_call_end(start.outer)
        let elapsed = self.plugin.clock.now() &- start.clock
        self.plugin.record.count(nanoseconds: elapsed)
        self.judge(start, elapsed, within: CallBudget.nanoseconds, fallback)
    }

    /// Tells the plugin something, unless it was turned off. That is no decision, but must not take long either.
    func tell(fallback: String, _ body: (UnsafeMutableRawPointer) -> Void) {
        guard let handle = self.handle else { return }
        let start = self.begin()
        body(handle)
        clinux_call_end(start.outer)
        self.judge(start, self.plugin.clock.now() &- start.clock, within: self.tellingLimit, fallback)
    }

    private func judge(_ start: CallStart, _ elapsed: UInt64, within limit: UInt64, _ fallback: String) {
        guard elapsed > limit else { return }
        let used = start.usage.map { ThreadUsage.now().since($0) }
        self.plugin.record.watch()
        guard let used, let what = CallBudget.fault(elapsed: elapsed, used: used, within: limit) else { return }
        self.fault(what, fallback: fallback)
    }

    /// Counts a wrong answer; turns the plugin off when it was one too many. `what` says what was wrong.
    func fault(_ what: String, fallback: String) {
        guard let count = self.plugin.record.countFault() else { return }
        self.logger.event(
            .strategyFaulted,
            """
            the \(self.plugin.kind) \(self.plugin.name) is turned off after \(count) faults, the \(fallback) takes its \
            place: it \(what)
            """,
            [
                "strategy.name": "\(self.plugin.name)", "strategy.kind": "\(self.plugin.kind)",
                "strategy.path": "\(self.plugin.path)", "strategy.fault": "\(what)", "strategy.fallback": "\(fallback)",
            ])
    }

    /// Makes a call that is no decision, marked for whoever looks what holds a thread up.
    private static func marked<Result>(_ plugin: LoadedPlugin, _ body: () -> Result) -> Result {
        let outer = clinux_call_begin(plugin.number)
        defer { clinux_call_end(outer) }
        return body()
    }

    private static func withTorrent(
        _ geometry: TorrentGeometry, _ body: (UnsafePointer<swarm_torrent>) -> UnsafeMutableRawPointer?
    ) -> UnsafeMutableRawPointer? {
        var torrent = swarm_torrent(
            struct_size: UInt32(MemoryLayout<swarm_torrent>.size), piece_count: UInt32(geometry.pieceCount),
            piece_length: UInt64(geometry.pieceLength), total_length: geometry.totalLength)
        return withUnsafePointer(to: &torrent, body)
    }

    /// The strings are laid end to end in one buffer, so that the plugin sees plain C strings during the call.
    private static func withValues(
        _ values: [StrategyOptionValue], of options: [StrategyOption],
        _ body: (UnsafePointer<swarm_option_value>?) -> UnsafeMutableRawPointer?
    ) -> UnsafeMutableRawPointer? {
        var text: [CChar] = []
        var places: [(key: Int, text: Int)] = []
        for (option, value) in zip(options, values) {
            let key = text.count
            text.append(contentsOf: option.key.utf8CString)
            places.append((key, text.count))
            text.append(contentsOf: value.text.utf8CString)
        }
        return text.withUnsafeBufferPointer { strings in
            guard let base = strings.baseAddress, !places.isEmpty else { return body(nil) }
            let table = zip(zip(options, values), places).map { pair, place in
                swarm_option_value(
                    struct_size: UInt32(MemoryLayout<swarm_option_value>.size), type: pair.0.kind.rawValue,
                    key: base + place.key, integer: pair.1.integer, number: pair.1.number, text: base + place.text)
            }
            return table.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }

    private static let log: @convention(c) (UnsafeMutableRawPointer?, UInt32, UnsafePointer<CChar>?, Int) -> Void = {
        context, severity, message, length in
        guard let context, let message, length > 0 else { return }
        let bytes = UnsafeRawBufferPointer(start: message, count: min(length, 1024))
        let line = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
        let instance = Unmanaged<PluginInstance>.fromOpaque(context).takeUnretainedValue()
        instance.write(line, severity)
    }

    private func write(_ line: String, _ severity: UInt32) {
        self.logger.event(
            .strategyMessage, at: Logger.Level(severity: severity), "\(self.plugin.name): \(line)",
            ["strategy.name": "\(self.plugin.name)"])
    }
}
