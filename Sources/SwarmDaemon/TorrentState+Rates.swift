// SPDX-License-Identifier: Apache-2.0

import ControlWire

extension TorrentState {
    /// The rates to show of a torrent in this state: the meters run on for some seconds when nobody sends any more.
    func shownRates(_ peers: Int, _ down: Double, _ up: Double) -> (down: Double, up: Double) {
        peers > 0 ? (self == .downloading ? down : 0, up) : (0, 0)
    }
}
