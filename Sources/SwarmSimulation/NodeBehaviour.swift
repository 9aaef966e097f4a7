// SPDX-License-Identifier: Apache-2.0

/// How a node treats others.
package enum NodeBehaviour: Hashable, Sendable {
    /// By the protocol and its choker.
    case honest
    /// Serves nobody.
    case freeRider
    /// Sends nonsense in the place of blocks, as often as this share of 1.
    case liar(Double)
}
