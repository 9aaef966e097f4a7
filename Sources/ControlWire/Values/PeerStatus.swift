// SPDX-License-Identifier: Apache-2.0

/// One connected peer of a torrent.
package struct PeerStatus: ControlObject {
    /// Address and port, `1.2.3.4:6881` or `[::1]:6881`; the URL of a web seed.
    package var address: String
    /// The client's name from the extension handshake or the peer-ID; may be empty.
    package var client: String
    /// True when the peer dialled us.
    package var incoming: Bool
    /// The transport plugin that carries the connection; two with a `+` where one lies over the other.
    package var transport: String
    /// Whether all that is said is encrypted.
    package var encrypted: Bool
    /// How much of the torrent the peer has, 0…1.
    package var progress: Double
    /// Payload bytes a second from the peer.
    package var downRate: Int
    /// Payload bytes a second to the peer.
    package var upRate: Int
    /// Payload bytes from the peer on this connection.
    package var downloaded: Int
    /// Payload bytes to the peer on this connection.
    package var uploaded: Int
    /// We want something that the peer has.
    package var interested: Bool
    /// The peer does not serve us.
    package var choked: Bool
    /// The peer wants something that we have.
    package var peerInterested: Bool
    /// We do not serve the peer.
    package var peerChoked: Bool
    /// Our requests that the peer has not answered yet.
    package var requests: Int
    /// Seconds since the connection stood.
    package var connected: Int
    /// Violations counted so far.
    package var faults: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case address
        case client
        case incoming
        case transport
        case encrypted
        case progress
        case downRate = "down_rate"
        case upRate = "up_rate"
        case downloaded
        case uploaded
        case interested
        case choked
        case peerInterested = "peer_interested"
        case peerChoked = "peer_choked"
        case requests
        case connected
        case faults
    }

    /// Takes the fields as they are.
    package init(
        address: String, client: String, incoming: Bool, transport: String, encrypted: Bool = false,
        progress: Double, downRate: Int, upRate: Int, downloaded: Int, uploaded: Int, interested: Bool, choked: Bool,
        peerInterested: Bool,
        peerChoked: Bool, requests: Int, connected: Int, faults: Int = 0
    ) {
        self.address = address
        self.client = client
        self.incoming = incoming
        self.transport = transport
        self.encrypted = encrypted
        self.progress = progress
        self.downRate = downRate
        self.upRate = upRate
        self.downloaded = downloaded
        self.uploaded = uploaded
        self.interested = interested
        self.choked = choked
        self.peerInterested = peerInterested
        self.peerChoked = peerChoked
        self.requests = requests
        self.connected = connected
        self.faults = faults
    }

    /// Reads the object; a field with a default may be absent.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.address = try container.decode(String.self, forKey: .address)
        self.client = try container.decode(String.self, forKey: .client)
        self.incoming = try container.decode(Bool.self, forKey: .incoming)
        self.transport = try container.decode(String.self, forKey: .transport)
        self.encrypted = try container.decodeIfPresent(Bool.self, forKey: .encrypted) ?? false
        self.progress = try container.decode(Double.self, forKey: .progress)
        self.downRate = try container.decode(Int.self, forKey: .downRate)
        self.upRate = try container.decode(Int.self, forKey: .upRate)
        self.downloaded = try container.decode(Int.self, forKey: .downloaded)
        self.uploaded = try container.decode(Int.self, forKey: .uploaded)
        self.interested = try container.decode(Bool.self, forKey: .interested)
        self.choked = try container.decode(Bool.self, forKey: .choked)
        self.peerInterested = try container.decode(Bool.self, forKey: .peerInterested)
        self.peerChoked = try container.decode(Bool.self, forKey: .peerChoked)
        self.requests = try container.decode(Int.self, forKey: .requests)
        self.connected = try container.decode(Int.self, forKey: .connected)
        self.faults = try container.decodeIfPresent(Int.self, forKey: .faults) ?? 0
    }
}
