// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension IPAddress {
    /// Whether it is loopback, private, link-local or carrier-shared: one of ours, or one that only neighbours have.
    /// Only such an asker is believed when it names other addresses for itself; anybody else could point a whole swarm
    /// at a stranger.
    var isNeighbour: Bool {
        if self.isLoopback { return true }
        if self.isV6 { return self.high >> 57 == 0xfc >> 1 || self.high >> 54 == 0xfe80 >> 6 }
        return self.low >> 24 == 10 || self.low >> 20 == 0xac1 || self.low >> 16 == 0xc0a8
            || self.low >> 16 == 0xa9fe || self.low >> 22 == 0x6440 >> 6
    }
}
