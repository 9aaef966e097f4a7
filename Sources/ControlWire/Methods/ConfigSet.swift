// SPDX-License-Identifier: Apache-2.0

/// Changes a live key until the next reload or restart.
package enum ConfigSet: ControlMethod {
    /// The name on the wire.
    package static let name = "config.set"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The key with its table: `peer.connections`.
        package var key: String
        /// The value: TOML, or the bare words of a string.
        package var value: String

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case key
            case value
        }

        /// Takes the fields as they are.
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// What comes out.
    package typealias Result = ConfigSetting
}
