// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One line of the list of torrents. All its fields are always present on the wire; `eta`, `error` and
/// `queue_position` are null when there is none.
package struct TorrentSummary: ControlObject {
    /// The info-hash, 40 digits.
    package var infoHash: InfoHash
    /// The name; the info-hash as long as the metadata are missing.
    package var name: String
    /// What the torrent does.
    package var state: TorrentState
    /// How much of what is wanted is there and verified (while checking: looked at), 0…1.
    package var progress: Double
    /// Bytes that are wanted; 0 while the metadata are missing.
    package var size: Int
    /// Payload bytes ever received.
    package var downloaded: Int
    /// Payload bytes ever sent.
    package var uploaded: Int
    /// Payload bytes a second in.
    package var downRate: Int
    /// Payload bytes a second out.
    package var upRate: Int
    /// Connected peers, the complete ones among them.
    package var peers: Int
    /// Connected peers that have everything.
    package var seeds: Int
    /// Seconds until it is complete at the present rate; nil when that cannot be told.
    package var eta: Int?
    /// Why it is suspended or cannot go on; nil when all is well. A tracker that fails is no such reason:
    /// `trackers` tells.
    package var error: String?
    /// Its place among the torrents that wait for their turn, from 1, downloads and complete ones apart; nil when it does not
    /// wait.
    package var queuePosition: Int?
    /// What it is marked with.
    package var labels: [String]

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case infoHash = "info_hash"
        case name
        case state
        case progress
        case size
        case downloaded
        case uploaded
        case downRate = "down_rate"
        case upRate = "up_rate"
        case peers
        case seeds
        case eta
        case error
        case queuePosition = "queue_position"
        case labels
    }

    /// Takes the fields as they are; a progress that is not a number counts as 0.
    package init(
        infoHash: InfoHash, name: String, state: TorrentState, progress: Double = 0, size: Int = 0,
        downloaded: Int = 0, uploaded: Int = 0, downRate: Int = 0, upRate: Int = 0, peers: Int = 0, seeds: Int = 0,
        eta: Int? = nil, error: String? = nil, queuePosition: Int? = nil,
        labels: [String] = []
    ) {
        self.infoHash = infoHash
        self.name = name
        self.state = state
        self.progress = progress.isFinite ? min(max(progress, 0), 1) : 0
        self.size = size
        self.downloaded = downloaded
        self.uploaded = uploaded
        self.downRate = downRate
        self.upRate = upRate
        self.peers = peers
        self.seeds = seeds
        self.eta = eta
        self.error = error
        self.queuePosition = queuePosition
        self.labels = labels
    }

    /// Reads the object; a daemon before version 6 tells of no labels.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            infoHash: try container.decode(InfoHash.self, forKey: .infoHash),
            name: try container.decode(String.self, forKey: .name),
            state: try container.decode(TorrentState.self, forKey: .state),
            progress: try container.decode(Double.self, forKey: .progress),
            size: try container.decode(Int.self, forKey: .size),
            downloaded: try container.decode(Int.self, forKey: .downloaded),
            uploaded: try container.decode(Int.self, forKey: .uploaded),
            downRate: try container.decode(Int.self, forKey: .downRate),
            upRate: try container.decode(Int.self, forKey: .upRate),
            peers: try container.decode(Int.self, forKey: .peers),
            seeds: try container.decode(Int.self, forKey: .seeds),
            eta: try container.decodeIfPresent(Int.self, forKey: .eta),
            error: try container.decodeIfPresent(String.self, forKey: .error),
            queuePosition: try container.decodeIfPresent(Int.self, forKey: .queuePosition),
            labels: try container.decodeIfPresent([String].self, forKey: .labels) ?? [])
    }

    /// Writes every field, null for what is not there.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.infoHash, forKey: .infoHash)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.state, forKey: .state)
        try container.encode(self.progress, forKey: .progress)
        try container.encode(self.size, forKey: .size)
        try container.encode(self.downloaded, forKey: .downloaded)
        try container.encode(self.uploaded, forKey: .uploaded)
        try container.encode(self.downRate, forKey: .downRate)
        try container.encode(self.upRate, forKey: .upRate)
        try container.encode(self.peers, forKey: .peers)
        try container.encode(self.seeds, forKey: .seeds)
        try container.encode(self.eta, forKey: .eta)
        try container.encode(self.error, forKey: .error)
        try container.encode(self.queuePosition, forKey: .queuePosition)
        try container.encode(self.labels, forKey: .labels)
    }
}
