// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin

/// What a plugin's entry returns: made once, valid for ever.
public struct PluginDescriptor {
    private let plugin: UnsafePointer<swarm_plugin>

    /// Describes the picker of this library, which `make` creates an instance of for each torrent. A library holds one
    /// plugin only. `followsSuggestions` says that pieces which others suggest may come before those that it picks.
    public static func picker(
        name: StaticString, version: StaticString, summary: StaticString, options: [PluginOption] = [],
        followsSuggestions: Bool = false, make: @escaping (PluginSetup) -> Picker?
    ) -> PluginDescriptor {
        PickerTable.make = make
        return PluginDescriptor(
            kind: SWARM_KIND_PICKER, name: name, version: version, summary: summary, options: options,
            picker: PickerTable.functions(followsSuggestions: followsSuggestions), choker: nil, transport: nil)
    }

    /// Describes the choker of this library, which `make` creates an instance of for each torrent. A library holds one
    /// plugin only. `choosesHolders` says that the choker overrides `chooseHolder`.
    public static func choker(
        name: StaticString, version: StaticString, summary: StaticString, options: [PluginOption] = [],
        choosesHolders: Bool = false, make: @escaping (PluginSetup) -> Choker?
    ) -> PluginDescriptor {
        ChokerTable.make = make
        return PluginDescriptor(
            kind: SWARM_KIND_CHOKER, name: name, version: version, summary: summary, options: options,
            picker: nil, choker: ChokerTable.functions(choosesHolders: choosesHolders), transport: nil)
    }

    /// Describes the transport of this library, which `make` creates an instance of for each connection; nil when it does
    /// not serve that one. A library holds one plugin only.
    public static func transport(
        name: StaticString, version: StaticString, summary: StaticString, options: [PluginOption] = [],
        carrier: TransportCarrier, make: @escaping (LinkSetup) -> Transport?
    ) -> PluginDescriptor {
        TransportTable.make = make
        return PluginDescriptor(
            kind: SWARM_KIND_TRANSPORT, name: name, version: version, summary: summary, options: options,
            picker: nil, choker: nil, transport: TransportTable.functions(carrier))
    }

    /// The answer to `swarm_plugin_entry`: nil when the host speaks another major version.
    public func entry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
        hostMajor == SWARM_ABI_MAJOR ? self.plugin : nil
    }

    private init(
        kind: UInt32, name: StaticString, version: StaticString, summary: StaticString, options: [PluginOption],
        picker: UnsafePointer<swarm_picker>?, choker: UnsafePointer<swarm_choker>?,
        transport: UnsafePointer<swarm_transport>?
    ) {
        let table = UnsafeMutablePointer<swarm_option>.allocate(capacity: max(options.count, 1))
        for (index, option) in options.enumerated() {
            (table + index).initialize(
                to: swarm_option(
                    struct_size: UInt32(MemoryLayout<swarm_option>.size), type: option.type,
                    key: Self.text(option.key), default_value: Self.text(option.defaultValue),
                    help: Self.text(option.help), minimum: option.minimum, maximum: option.maximum))
        }
        let plugin = UnsafeMutablePointer<swarm_plugin>.allocate(capacity: 1)
        plugin.initialize(
            to: swarm_plugin(
                struct_size: UInt32(MemoryLayout<swarm_plugin>.size), abi_major: UInt16(SWARM_ABI_MAJOR),
                abi_minor: UInt16(SWARM_ABI_MINOR), kind: kind, option_count: UInt32(options.count),
                name: Self.text(name), version: Self.text(version), summary: Self.text(summary),
                options: UnsafePointer(table), picker: picker, choker: choker, transport: transport))
        self.plugin = UnsafePointer(plugin)
    }

    private static func text(_ string: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(string.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
