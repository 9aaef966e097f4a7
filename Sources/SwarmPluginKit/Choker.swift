// SPDX-License-Identifier: Apache-2.0

/// Base of chokers in Swift: one instance a torrent. `swarm_plugin.h` tells when it is called.
open class Choker {
    /// A choker without state.
    public init() {}

    /// Sets `unchoked[i]` to 1 for each peer `round[i]` that may ask us; all are 0 at first. At most `round.slots`
    /// interested peers.
    open func decide(_ round: RoundView, unchoked: UnsafeMutableBufferPointer<UInt8>) {}

    /// Chooses which of the `holders` of `piece`, at least one, is asked for it: returns its index. Called only for plugins
    /// that say they choose (`PluginDescriptor.choker`); the first of them is the one that would be asked otherwise.
    open func chooseHolder(of piece: UInt32, among holders: RoundView) -> Int { 0 }
}
