// SPDX-License-Identifier: Apache-2.0

/// A choice of address families.
package struct AddressFamilies: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// IPv4.
    package static let v4 = AddressFamilies(rawValue: 1)
    /// IPv6.
    package static let v6 = AddressFamilies(rawValue: 2)

    /// The family alone.
    package init(isV6: Bool) {
        self = isV6 ? .v6 : .v4
    }

    /// Whether a family is chosen.
    package func contains(isV6: Bool) -> Bool { self.contains(AddressFamilies(isV6: isV6)) }
}
