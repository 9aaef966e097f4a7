// SPDX-License-Identifier: Apache-2.0

/// Refuses announces from an address or a range, and forgets the peers there.
package enum TrackerBan: ControlMethod {
    /// The name on the wire.
    package static let name = "tracker.ban"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// An address, or a range as 10.0.0.0/8.
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
        /// What is banned.
        package var address: String
        /// Addresses of peers that were forgotten.
        package var removed: Int

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case address
            case removed
        }

        /// Takes the fields as they are.
        package init(address: String, removed: Int) {
            self.address = address
            self.removed = removed
        }
    }
}
