// SPDX-License-Identifier: Apache-2.0

/// Gives a live key back the value that the files say.
package enum ConfigUnset: ControlMethod {
    /// The name on the wire.
    package static let name = "config.unset"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The key with its table: `peer.connections`.
        package var key: String

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case key
        }

        /// Takes the fields as they are.
        package init(key: String) {
            self.key = key
        }
    }

    /// What comes out.
    package typealias Result = ConfigSetting
}
