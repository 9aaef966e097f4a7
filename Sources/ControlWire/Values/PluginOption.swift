// SPDX-License-Identifier: Apache-2.0

/// Something that can be set of a plugin, in the table `[strategy.<name>]` of the configuration.
package struct PluginOption: ControlObject {
    /// Its key in that table.
    package var key: String
    /// `boolean`, `integer`, `number` or `text`.
    package var type: String
    /// The value in effect.
    package var value: String
    /// The value unless it is set.
    package var `default`: String
    /// The smallest number that it takes; absent when there is no limit.
    package var minimum: Int?
    /// The largest number that it takes; absent when there is no limit.
    package var maximum: Int?
    /// What it does, one line.
    package var help: String

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case key
        case type
        case value
        case `default`
        case minimum
        case maximum
        case help
    }

    /// Takes the fields as they are.
    package init(
        key: String, type: String, value: String, default: String, minimum: Int? = nil, maximum: Int? = nil,
        help: String
    ) {
        self.key = key
        self.type = type
        self.value = value
        self.default = `default`
        self.minimum = minimum
        self.maximum = maximum
        self.help = help
    }
}
