// SPDX-License-Identifier: Apache-2.0

/// How a large table finds its peers.
struct PeerIndexes: BitwiseCopyable {
    var addresses = SlotIndex()
    /// Empty until somebody looks for a twin: where all peers are of one family nobody does.
    var identities = SlotIndex()

    init() {}
}
