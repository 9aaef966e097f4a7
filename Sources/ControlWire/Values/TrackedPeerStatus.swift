// SPDX-License-Identifier: Apache-2.0

/// One peer as a tracker knows it.
package struct TrackedPeerStatus: ControlObject {
    /// Where it is reached.
    package var address: String
    /// Whether it has everything.
    package var isSeed: Bool
    /// Seconds for which it is handed out unless it announces itself again.
    package var expires: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case address
        case isSeed = "seed"
        case expires
    }

    /// Takes the fields as they are.
    package init(address: String, isSeed: Bool, expires: Int) {
        self.address = address
        self.isSeed = isSeed
        self.expires = expires
    }
}
