// SPDX-License-Identifier: Apache-2.0

/// What a tracker answers to a registration.
package struct CatalogueReceipt: Hashable, Sendable {
    /// The entry as the tracker holds it.
    package let record: CatalogueRecord
    /// Whether it was not there before.
    package let isNew: Bool
    /// The secret with which the entry can be removed later, when the tracker made one.
    package let token: String?
}
