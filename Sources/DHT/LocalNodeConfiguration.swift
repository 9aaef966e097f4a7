// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What a node of ours begins with.
package struct LocalNodeConfiguration: Sendable {
    /// The families that it can send in.
    package var families: AddressFamilies
    /// Its ids of an earlier run, by family; new ones where there are none.
    package var ids: (v4: NodeID?, v6: NodeID?)
    /// Nodes of an earlier run.
    package var contacts: [NodeContact]
    /// It asks, but answers nothing and is told to nobody (BEP 43).
    package var isReadOnly: Bool

    /// A node without a past.
    package init(
        families: AddressFamilies, ids: (v4: NodeID?, v6: NodeID?) = (nil, nil), contacts: [NodeContact] = [],
        isReadOnly: Bool = false
    ) {
        self.families = families
        self.ids = ids
        self.contacts = contacts
        self.isReadOnly = isReadOnly
    }
}
