// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// Reads what a plugin says of itself, and believes none of it before it is checked.
struct PluginDescriptionReader {
    private static let maximumOptions = 64
    private static let maximumNameLength = 32
    private static let maximumTextLength = 1024

    let path: String

    /// Whether `name` may be the name of a plugin or option: lower-case letters, digits and `-`, a letter first.
    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first >= 97, first <= 122, name.utf8.count <= Self.maximumNameLength else {
            return false
        }
        return name.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45 }
    }

    func kind(of plugin: swarm_plugin) throws(StrategyError) -> StrategyKind {
        guard let kind = StrategyKind(rawValue: plugin.kind) else {
            throw self.error("is of kind \(plugin.kind), which this swarmd does not know")
        }
        let hasFunctions =
            switch kind {
            case .picker: plugin.picker != nil
            case .choker: plugin.choker != nil
            case .transport: plugin.transport != nil
            }
        guard hasFunctions else { throw self.error("is a \(kind), but has no functions of one") }
        return kind
    }

    func name(of plugin: swarm_plugin) throws(StrategyError) -> String {
        let name = try self.text(plugin.name, "name")
        guard Self.isName(name) else { throw self.error("has a name that is not allowed: '\(name)'") }
        return name
    }

    func options(of plugin: swarm_plugin) throws(StrategyError) -> [StrategyOption] {
        let count = Int(plugin.option_count)
        guard count > 0 else { return [] }
        guard count <= Self.maximumOptions, let first = plugin.options else {
            throw self.error("states \(count) options, but shows none or more than \(Self.maximumOptions)")
        }
        let stride = Int(first.pointee.struct_size)
        guard stride >= MemoryLayout<swarm_option>.size, stride.isMultiple(of: MemoryLayout<swarm_option>.alignment)
        else {
            throw self.error("has an option table with elements of \(stride) bytes")
        }
        var options: [StrategyOption] = []
        for index in 0..<count {
            let element = UnsafeRawPointer(first).advanced(by: index * stride)
            options.append(try self.option(element.assumingMemoryBound(to: swarm_option.self).pointee))
        }
        guard Set(options.map(\.key)).count == count else { throw self.error("has two options of the same name") }
        return options
    }

    func text(_ pointer: UnsafePointer<CChar>?, _ what: String) throws(StrategyError) -> String {
        guard let pointer else { throw self.error("has no \(what)") }
        var bytes: [UInt8] = []
        while bytes.count < Self.maximumTextLength, pointer[bytes.count] != 0 {
            bytes.append(UInt8(bitPattern: pointer[bytes.count]))
        }
        guard let text = String(validating: bytes, as: UTF8.self), bytes.count < Self.maximumTextLength,
            bytes.allSatisfy({ $0 >= 32 })
        else { throw self.error("has a \(what) that is not one line of UTF-8") }
        return text
    }

    private func option(_ option: swarm_option) throws(StrategyError) -> StrategyOption {
        let key = try self.text(option.key, "option key")
        guard Self.isName(key), let kind = StrategyOption.Kind(rawValue: option.type) else {
            throw self.error("has an option '\(key)' whose name or type is not allowed")
        }
        guard option.minimum <= option.maximum else { throw self.error("has limits of '\(key)' the wrong way round") }
        let hasLimits = option.minimum != 0 || option.maximum != 0
        let read = StrategyOption(
            key: key, kind: kind, defaultValue: try self.text(option.default_value, "default of '\(key)'"),
            help: try self.text(option.help, "help of '\(key)'"),
            limits: hasLimits ? option.minimum...option.maximum : nil)
        if case .failure(let error) = read.read(read.defaultValue) {
            throw self.error("has a default that it does not allow: \(error)")
        }
        return read
    }

    func error(_ what: String) -> StrategyError {
        StrategyError(code: .badDescription, message: "plugin \(self.path) \(what); ask its author")
    }
}
