// SPDX-License-Identifier: Apache-2.0

/// Tells the configuration in effect.
package enum ConfigGet: ControlMethod {
    /// The name on the wire.
    package static let name = "config.get"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package struct Params: ControlObject {
        /// Only this key; absent means all.
        package var key: String?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case key
        }

        /// Takes the fields as they are.
        package init(key: String? = nil) {
            self.key = key
        }
    }

    /// What comes out.
    package struct Result: ControlObject {
        /// The main configuration file.
        package var path: String
        /// The keys in the order of the default file, then the options of the plugins that there are:
        /// `strategy.deadline.window`.
        package var settings: [ConfigSetting]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case path
            case settings
        }

        /// Takes the fields as they are.
        package init(path: String, settings: [ConfigSetting]) {
            self.path = path
            self.settings = settings
        }
    }
}
