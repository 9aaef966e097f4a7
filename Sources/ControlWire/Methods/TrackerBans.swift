// SPDX-License-Identifier: Apache-2.0

/// Lists what is banned.
package enum TrackerBans: ControlMethod {
    /// The name on the wire.
    package static let name = "tracker.bans"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = NoFields

    /// What comes out.
    package struct Result: ControlObject {
        /// Addresses and ranges, as they were given.
        package var bans: [String]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case bans
        }

        /// Takes the fields as they are.
        package init(bans: [String]) {
            self.bans = bans
        }
    }
}
