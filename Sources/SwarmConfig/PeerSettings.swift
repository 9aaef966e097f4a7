// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// `[peer]`: connections to other peers.
package struct PeerSettings: Hashable, Sendable {
    /// Where peers may connect to; empty to accept none.
    package var listen = [PeerEndpoint(address: .anyV4, port: 6881), PeerEndpoint(address: .anyV6, port: 6881)]
    /// Whether connections are encrypted.
    package var encryption = EncryptionPolicy.allowed
    /// Connections of all torrents together.
    package var connections = 500
    /// Connections of one torrent.
    package var connectionsPerTorrent = 100
    /// Peers of one torrent that are sent data at a time; 0 for as many as the uplink bears.
    package var uploadSlots = 0
    /// Requests that a peer may have waiting here.
    package var requestQueue = 2_000
    /// A file of addresses that are neither dialled nor accepted; empty for none.
    package var blockList = ""

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "peer", "listen", \.peer.listen, .restart,
                help: "Addresses and ports where other peers connect to. IPv6 in brackets. Empty accepts nobody."),
            SettingKey(
                "peer", "encryption", \.peer.encryption, .live,
                help:
                    "Encryption of peer connections, with strategy.transports that encrypt: disabled makes and takes none;"
                    + " allowed encrypts where a peer wants it; required talks to nobody in the clear. For connections made"
                    + " from then on."),
            SettingKey(
                "peer", "connections", \.peer.connections, .live, .within(1...100_000),
                help: "Connections of all torrents together. A lower number closes none that are open."),
            SettingKey(
                "peer", "connections_per_torrent", \.peer.connectionsPerTorrent, .live, .within(1...100_000),
                help: "Connections of one torrent; not more than peer.connections. A lower number closes none."),
            SettingKey(
                "peer", "upload_slots", \.peer.uploadSlots, .live, .within(0...10_000),
                help: "Peers of one torrent that are sent data at the same time; 0 chooses by the uplink."),
            SettingKey(
                "peer", "request_queue", \.peer.requestQueue, .live, .within(16...100_000),
                help:
                    "Block requests that a peer may have waiting here, and we there. For connections made from then on."
            ),
            SettingKey(
                "peer", "block_list", \.peer.blockList, .live, .pathOrEmpty,
                help:
                    "A file of IP addresses to keep away from: P2P, eMule (.dat) or CIDR lines, not compressed. A reload"
                    + " reads it again."),
        ]
    }
}
