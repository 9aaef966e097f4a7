// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Glibc
import PeerTransport

/// A plugin in memory, where it stays until the program ends.
///
/// Unchecked because of the pointers: they lead to tables that the plugin promises never to change (`swarm_plugin.h`).
final class LoadedPlugin: @unchecked Sendable {
    /// `swarm_plugin_entry`.
    typealias Entry = @convention(c) (UInt32) -> UnsafePointer<swarm_plugin>?

    let path: String
    /// By which a call to it can be told from others while it goes on (`clinux_call_begin`).
    let number = PluginNumber.next()
    /// Which file it was loaded from; nil when from none.
    let file: FileIdentity?
    /// What its calls are timed by.
    let clock: CallClock
    let kind: StrategyKind
    let name: String
    let version: String
    let interface: String
    let summary: String
    let options: [StrategyOption]
    /// The functions of its kind, in a table as large as this host's; what the plugin's own is too short for is nil.
    let picker: UnsafePointer<swarm_picker>?
    let choker: UnsafePointer<swarm_choker>?
    let transport: UnsafePointer<swarm_transport>?
    let record = PluginRecord()
    /// What the instances of a transport did.
    let meter = TransportMeter()

    /// Loads the file at `path`; the caller has looked at its owner and shape.
    convenience init(path: String, file: FileIdentity? = nil, clock: CallClock = .monotonic) throws(StrategyError) {
        try self.init(path: path, file: file, clock: clock, entry: try Self.load(path))
    }

    /// Asks a plugin for its description and checks that.
    init(
        path: String, file: FileIdentity? = nil, clock: CallClock = .monotonic, entry: Entry
    ) throws(StrategyError) {
        let plugin = try Self.describe(path, entry)
        let reader = PluginDescriptionReader(path: path)
        self.path = path
        self.file = file
        self.clock = clock
        self.kind = try reader.kind(of: plugin)
        self.name = try reader.name(of: plugin)
        self.version = try reader.text(plugin.version, "version")
        self.interface = "\(plugin.abi_major).\(plugin.abi_minor)"
        self.summary = try reader.text(plugin.summary, "summary")
        self.options = try reader.options(of: plugin)
        self.picker = self.kind == .picker ? try Self.table(plugin.picker, reader) : nil
        self.choker = self.kind == .choker ? try Self.table(plugin.choker, reader) : nil
        self.transport = self.kind == .transport ? try Self.table(plugin.transport, reader) : nil
    }

    var description: StrategyDescription {
        StrategyDescription(
            kind: self.kind, name: self.name, version: self.version, interface: self.interface, summary: self.summary,
            path: self.path, options: self.options, calls: self.record.callCount &+ self.meter.calls,
            faults: self.record.faultCount,
            nanoseconds: self.record.totalNanoseconds &+ self.meter.nanoseconds,
            isTurnedOff: self.record.isTurnedOff)
    }

    /// The plugin itself, unless it was turned off.
    func inUse() throws(StrategyError) -> LoadedPlugin {
        guard self.record.isTurnedOff else { return self }
        throw StrategyError(
            code: .turnedOff,
            message:
                "the \(self.kind) \(self.name) is turned off after too many faults; replace \(self.path) or choose "
                + "another, then restart swarmd")
    }

    private static func load(_ path: String) throws(StrategyError) -> Entry {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            throw StrategyError(code: .notLoadable, message: "plugin \(path) cannot be loaded: \(reason)")
        }
        guard let symbol = dlsym(handle, "swarm_plugin_entry") else {
            throw StrategyError(
                code: .notLoadable, message: "plugin \(path) exports no swarm_plugin_entry: it is not a swarm plugin")
        }
        return unsafeBitCast(symbol, to: Entry.self)
    }

    private static func describe(_ path: String, _ entry: Entry) throws(StrategyError) -> swarm_plugin {
        guard let plugin = entry(SWARM_ABI_MAJOR) else {
            throw StrategyError(
                code: .wrongVersion,
                message: "plugin \(path) does not work with interface \(SWARM_ABI_MAJOR); install one made for it")
        }
        // Only what every version has may be read before the size is known.
        let major = UInt32(plugin.pointee.abi_major)
        guard major == SWARM_ABI_MAJOR else {
            throw StrategyError(
                code: .wrongVersion,
                message: "plugin \(path) is for interface \(major).\(plugin.pointee.abi_minor), this swarmd has "
                    + "\(SWARM_ABI_MAJOR).\(SWARM_ABI_MINOR); install one made for it")
        }
        guard let whole = PluginTable.copy(plugin, sized: plugin.pointee.struct_size, least: PluginTable.leastPlugin)
        else {
            throw PluginDescriptionReader(path: path).error(
                "describes itself in \(plugin.pointee.struct_size) bytes only")
        }
        return whole.pointee
    }

    private static func table(
        _ source: UnsafePointer<swarm_picker>?, _ reader: PluginDescriptionReader
    ) throws(StrategyError) -> UnsafePointer<swarm_picker> {
        let whole = source.flatMap {
            PluginTable.copy($0, sized: $0.pointee.struct_size, least: PluginTable.leastPicker)
        }
        guard let whole, case let table = whole.pointee, table.create != nil, table.destroy != nil,
            table.piece_gained != nil, table.piece_lost != nil, table.pieces_gained != nil, table.pieces_lost != nil,
            table.set_priority != nil, table.set_state != nil, table.pick != nil
        else { throw reader.error("lacks functions that a picker must have") }
        return whole
    }

    private static func table(
        _ source: UnsafePointer<swarm_choker>?, _ reader: PluginDescriptionReader
    ) throws(StrategyError) -> UnsafePointer<swarm_choker> {
        let whole = source.flatMap {
            PluginTable.copy($0, sized: $0.pointee.struct_size, least: PluginTable.leastChoker)
        }
        guard let whole, case let table = whole.pointee, table.create != nil, table.destroy != nil, table.round != nil
        else { throw reader.error("lacks functions that a choker must have") }
        return whole
    }

    private static func table(
        _ source: UnsafePointer<swarm_transport>?, _ reader: PluginDescriptionReader
    ) throws(StrategyError) -> UnsafePointer<swarm_transport> {
        let whole = source.flatMap {
            PluginTable.copy($0, sized: $0.pointee.struct_size, least: PluginTable.leastTransport)
        }
        guard let whole else { throw reader.error("lacks functions that a transport must have") }
        try whole.pointee.check(reader)
        return whole
    }
}
