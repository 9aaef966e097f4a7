// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A configured address cannot be listened on.
package struct ListenError: Error, CustomStringConvertible {
    /// The address.
    package let endpoint: PeerEndpoint
    /// What the system said.
    package let cause: any Error

    /// Says what, where and what to do.
    package var description: String {
        "cannot listen for peers at \(self.endpoint): \(self.cause); another program may use this port: "
            + "change [peer] listen, or stop that program"
    }
}
