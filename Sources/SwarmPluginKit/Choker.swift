// SPDX-License-Identifier: Apache-2.0

/// Base of chokers in Swift: one instance a torrent. `swarm_plugin.h` tells when it is called.
open class Choker {
    /// A choker without state.
    public init() {}

    /// Sets `unchoked[i]` to 1 for each peer `round[i]` that may ask us; all are 0 at first. At most `round.slots`
    /// interested peers.
    open func decide(_ round: RoundView, unchoked: UnsafeMutableBufferPointer<UInt8>) {}
}
