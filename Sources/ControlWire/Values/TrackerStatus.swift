// SPDX-License-Identifier: Apache-2.0

/// One tracker of a torrent.
package struct TrackerStatus: ControlObject {
    /// What stands for the URL of the distributed hash table.
    package static let hashTableURL = "dht"
    /// What stands for its tier.
    package static let hashTableTier = -1

    /// Its announce URL; `dht` for the distributed hash table, which answers the same question.
    package var url: String
    /// Its tier, 0 first (BEP 12); -1 for the hash table.
    package var tier: Int
    /// How the last announce went.
    package var state: TrackerState
    /// The tracker's own words, or the reason of a failure.
    package var message: String?
    /// Complete peers it knows of.
    package var seeds: Int?
    /// Incomplete peers it knows of.
    package var peers: Int?
    /// Addresses it handed out last time.
    package var received: Int?
    /// When it last answered, seconds since 1970.
    package var lastAnnounce: Int?
    /// When it will be asked again, seconds since 1970.
    package var nextAnnounce: Int?
    /// Announces that failed in a row.
    package var failures: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case url
        case tier
        case state
        case message
        case seeds
        case peers
        case received
        case lastAnnounce = "last_announce"
        case nextAnnounce = "next_announce"
        case failures
    }

    /// Takes the fields as they are.
    package init(
        url: String, tier: Int, state: TrackerState, message: String? = nil, seeds: Int? = nil, peers: Int? = nil,
        received: Int? = nil, lastAnnounce: Int? = nil, nextAnnounce: Int? = nil, failures: Int = 0
    ) {
        self.url = url
        self.tier = tier
        self.state = state
        self.message = message
        self.seeds = seeds
        self.peers = peers
        self.received = received
        self.lastAnnounce = lastAnnounce
        self.nextAnnounce = nextAnnounce
        self.failures = failures
    }

    /// Reads the object; a field with a default may be absent.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.url = try container.decode(String.self, forKey: .url)
        self.tier = try container.decode(Int.self, forKey: .tier)
        self.state = try container.decode(TrackerState.self, forKey: .state)
        self.message = try container.decodeIfPresent(String.self, forKey: .message)
        self.seeds = try container.decodeIfPresent(Int.self, forKey: .seeds)
        self.peers = try container.decodeIfPresent(Int.self, forKey: .peers)
        self.received = try container.decodeIfPresent(Int.self, forKey: .received)
        self.lastAnnounce = try container.decodeIfPresent(Int.self, forKey: .lastAnnounce)
        self.nextAnnounce = try container.decodeIfPresent(Int.self, forKey: .nextAnnounce)
        self.failures = try container.decodeIfPresent(Int.self, forKey: .failures) ?? 0
    }
}
