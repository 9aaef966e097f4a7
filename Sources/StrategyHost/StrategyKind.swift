// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// What a plugin decides. Raw values are those of the plugin ABI.
package enum StrategyKind: UInt32, Sendable, CaseIterable, CustomStringConvertible {
    /// Which piece to fetch next from a peer.
    case picker = 1
    /// Which peers are served.
    case choker = 2
    /// How peers' bytes travel.
    case transport = 3

    package var description: String {
        switch self {
        case .picker: "picker"
        case .choker: "choker"
        case .transport: "transport"
        }
    }
}
