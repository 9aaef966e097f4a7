// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Where we say that we can be reached: an address and port that peers may connect to. An unspecified address stands
/// for whatever the system has of its family.
package struct AnnounceSource: Hashable, Sendable {
    /// The local address that announces come from; nil leaves even the family open.
    package let address: IPAddress?
    /// The port that is announced.
    package let port: UInt16

    /// A source as it is.
    package init(address: IPAddress?, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// The port that is announced by who accepts no connections: trackers refuse 0.
    package static let unreachablePort: UInt16 = 1

    /// One source a family, from the endpoints that are listened on: the first specific address of each family, else the
    /// unspecified one. When there are none, we are announced without being reachable.
    package static func sources(listening: [PeerEndpoint]) -> [AnnounceSource] {
        var sources: [AnnounceSource] = []
        for isV6 in [false, true] {
            let family = listening.filter { $0.address.isV6 == isV6 && $0.port != 0 }
            guard let best = family.first(where: { !$0.address.isUnspecified }) ?? family.first else { continue }
            sources.append(AnnounceSource(address: best.address, port: best.port))
        }
        return sources.isEmpty ? [AnnounceSource(address: nil, port: Self.unreachablePort)] : sources
    }
}
