// SPDX-License-Identifier: Apache-2.0

/// Decides who may ask us for data. Belongs to one torrent and is called on its loop only, once a round.
package protocol Choker: AnyObject {
    /// The strategy's name, for people.
    var name: String { get }

    /// Sets `unchoked[i]` for each peer `round.peers[i]` that may ask us; all are false at first. At most `round.slots`
    /// interested peers may be chosen.
    func decide(_ round: ChokeRound, unchoked: inout [Bool])
}
