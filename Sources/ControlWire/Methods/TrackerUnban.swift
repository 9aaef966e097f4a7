// SPDX-License-Identifier: Apache-2.0

/// Lifts a ban.
package enum TrackerUnban: ControlMethod {
    /// The name on the wire.
    package static let name = "tracker.unban"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// As `tracker.bans` lists it.
        package var address: String

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case address
        }

        /// Takes the fields as they are.
        package init(address: String) {
            self.address = address
        }
    }

    /// What comes out.
    package struct Result: ControlObject {
        /// What is banned no more.
        package var address: String

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case address
        }

        /// Takes the fields as they are.
        package init(address: String) {
            self.address = address
        }
    }
}
