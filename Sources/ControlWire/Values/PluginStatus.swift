// SPDX-License-Identifier: Apache-2.0

/// One strategy or transport plugin.
package struct PluginStatus: ControlObject {
    /// `picker`, `choker` or `transport`.
    package var kind: String
    /// The name to choose it by.
    package var name: String
    /// Its version.
    package var version: String
    /// One line about it.
    package var summary: String
    /// The file that it was loaded from; empty for one that is built in.
    package var path: String
    /// Whether torrents get it that name none.
    package var isDefault: Bool
    /// Bad answers so far.
    package var faults: Int
    /// True when it was turned off for its faults.
    package var disabled: Bool

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case kind
        case name
        case version
        case summary
        case path
        case isDefault = "is_default"
        case faults
        case disabled
    }

    /// Takes the fields as they are.
    package init(
        kind: String, name: String, version: String, summary: String, path: String, isDefault: Bool, faults: Int = 0,
        disabled: Bool = false
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.summary = summary
        self.path = path
        self.isDefault = isDefault
        self.faults = faults
        self.disabled = disabled
    }

    /// Reads the object; a field with a default may be absent.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.kind = try container.decode(String.self, forKey: .kind)
        self.name = try container.decode(String.self, forKey: .name)
        self.version = try container.decode(String.self, forKey: .version)
        self.summary = try container.decode(String.self, forKey: .summary)
        self.path = try container.decode(String.self, forKey: .path)
        self.isDefault = try container.decode(Bool.self, forKey: .isDefault)
        self.faults = try container.decodeIfPresent(Int.self, forKey: .faults) ?? 0
        self.disabled = try container.decodeIfPresent(Bool.self, forKey: .disabled) ?? false
    }
}
