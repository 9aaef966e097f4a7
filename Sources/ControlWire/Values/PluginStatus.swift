// SPDX-License-Identifier: Apache-2.0

/// One strategy or transport plugin.
package struct PluginStatus: ControlObject {
    /// `picker`, `choker` or `transport`.
    package var kind: String
    /// The name to choose it by.
    package var name: String
    /// Its version.
    package var version: String
    /// The plugin interface that it was made for, as `major.minor`.
    package var interface: String
    /// One line about it.
    package var summary: String
    /// The file that it was loaded from; empty for one that is built in.
    package var path: String
    /// Whether torrents get it that name none.
    package var isDefault: Bool
    /// Decisions that it was asked for.
    package var calls: Int
    /// Bad and late answers so far.
    package var faults: Int
    /// Nanoseconds that a decision took on average; absent while there was none.
    package var meanTime: Int?
    /// True when it was turned off for its faults.
    package var disabled: Bool
    /// What can be set of it.
    package var options: [PluginOption]

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case kind
        case name
        case version
        case interface
        case summary
        case path
        case isDefault = "is_default"
        case calls
        case faults
        case meanTime = "mean_ns"
        case disabled
        case options
    }

    /// Takes the fields as they are.
    package init(
        kind: String, name: String, version: String, interface: String = "", summary: String, path: String,
        isDefault: Bool, calls: Int = 0, faults: Int = 0, meanTime: Int? = nil, disabled: Bool = false,
        options: [PluginOption] = []
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.interface = interface
        self.summary = summary
        self.path = path
        self.isDefault = isDefault
        self.calls = calls
        self.faults = faults
        self.meanTime = meanTime
        self.disabled = disabled
        self.options = options
    }

    /// Reads the object; a field with a default may be absent.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.kind = try container.decode(String.self, forKey: .kind)
        self.name = try container.decode(String.self, forKey: .name)
        self.version = try container.decode(String.self, forKey: .version)
        self.interface = try container.decodeIfPresent(String.self, forKey: .interface) ?? ""
        self.summary = try container.decode(String.self, forKey: .summary)
        self.path = try container.decode(String.self, forKey: .path)
        self.isDefault = try container.decode(Bool.self, forKey: .isDefault)
        self.calls = try container.decodeIfPresent(Int.self, forKey: .calls) ?? 0
        self.faults = try container.decodeIfPresent(Int.self, forKey: .faults) ?? 0
        self.meanTime = try container.decodeIfPresent(Int.self, forKey: .meanTime)
        self.disabled = try container.decodeIfPresent(Bool.self, forKey: .disabled) ?? false
        self.options = try container.decodeIfPresent([PluginOption].self, forKey: .options) ?? []
    }
}
