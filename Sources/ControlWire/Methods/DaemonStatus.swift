// SPDX-License-Identifier: Apache-2.0

/// Tells how the daemon is.
package enum DaemonStatus: ControlMethod {
    /// The name on the wire.
    package static let name = "daemon.status"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = NoFields

    /// What comes out.
    package struct Result: ControlObject {
        /// The daemon's version.
        package var version: String
        /// Its process number.
        package var pid: Int
        /// Seconds since it started.
        package var uptime: Int
        /// How many torrents are in each state.
        package var torrents: TorrentCounts
        /// Torrents whose turn has not come since the start.
        package var loading: Int
        /// Connected peers.
        package var peers: Int
        /// Payload bytes a second in.
        package var downRate: Int
        /// Payload bytes a second out.
        package var upRate: Int
        /// Payload bytes in since the state was created.
        package var downloaded: Int
        /// Payload bytes out since the state was created.
        package var uploaded: Int
        /// Addresses where peers are awaited.
        package var listen: [String]
        /// Where the state is.
        package var stateDir: String
        /// Where payload goes that names no folder.
        package var downloadDir: String
        /// Bytes free in the download folder's file system; absent when it cannot be told.
        package var freeBytes: Int?
        /// Memory that the daemon occupies; absent when it cannot be told.
        package var residentBytes: Int?
        /// The default picker.
        package var picker: String
        /// The default choker.
        package var choker: String
        /// The configured trackers.
        package var trackers: [String]
        /// The node of the distributed hash table; absent when it is turned off.
        package var hashTable: HashTableStatus?
        /// What came of asking the router for ports; absent when that is turned off.
        package var portMapping: PortMappingStatus?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case version
            case pid
            case uptime
            case torrents
            case loading
            case peers
            case downRate = "down_rate"
            case upRate = "up_rate"
            case downloaded
            case uploaded
            case listen
            case stateDir = "state_dir"
            case downloadDir = "download_dir"
            case freeBytes = "free_bytes"
            case residentBytes = "resident_bytes"
            case picker
            case choker
            case trackers
            case hashTable = "dht"
            case portMapping = "port_mapping"
        }

        /// Takes the fields as they are.
        package init(
            version: String, pid: Int, uptime: Int, torrents: TorrentCounts, loading: Int = 0, peers: Int,
            downRate: Int, upRate: Int, downloaded: Int, uploaded: Int, listen: [String], stateDir: String,
            downloadDir: String, freeBytes: Int? = nil, residentBytes: Int? = nil, picker: String, choker: String,
            trackers: [String] = [], hashTable: HashTableStatus? = nil,
            portMapping: PortMappingStatus? = nil
        ) {
            self.version = version
            self.pid = pid
            self.uptime = uptime
            self.torrents = torrents
            self.loading = loading
            self.peers = peers
            self.downRate = downRate
            self.upRate = upRate
            self.downloaded = downloaded
            self.uploaded = uploaded
            self.listen = listen
            self.stateDir = stateDir
            self.downloadDir = downloadDir
            self.freeBytes = freeBytes
            self.residentBytes = residentBytes
            self.picker = picker
            self.choker = choker
            self.trackers = trackers
            self.hashTable = hashTable
            self.portMapping = portMapping
        }

        /// Reads the object; a field with a default may be absent.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.version = try container.decode(String.self, forKey: .version)
            self.pid = try container.decode(Int.self, forKey: .pid)
            self.uptime = try container.decode(Int.self, forKey: .uptime)
            self.torrents = try container.decode(TorrentCounts.self, forKey: .torrents)
            self.loading = try container.decodeIfPresent(Int.self, forKey: .loading) ?? 0
            self.peers = try container.decode(Int.self, forKey: .peers)
            self.downRate = try container.decode(Int.self, forKey: .downRate)
            self.upRate = try container.decode(Int.self, forKey: .upRate)
            self.downloaded = try container.decode(Int.self, forKey: .downloaded)
            self.uploaded = try container.decode(Int.self, forKey: .uploaded)
            self.listen = try container.decode([String].self, forKey: .listen)
            self.stateDir = try container.decode(String.self, forKey: .stateDir)
            self.downloadDir = try container.decode(String.self, forKey: .downloadDir)
            self.freeBytes = try container.decodeIfPresent(Int.self, forKey: .freeBytes)
            self.residentBytes = try container.decodeIfPresent(Int.self, forKey: .residentBytes)
            self.picker = try container.decode(String.self, forKey: .picker)
            self.choker = try container.decode(String.self, forKey: .choker)
            self.trackers = try container.decodeIfPresent([String].self, forKey: .trackers) ?? []
            self.hashTable = try container.decodeIfPresent(HashTableStatus.self, forKey: .hashTable)
            self.portMapping = try container.decodeIfPresent(PortMappingStatus.self, forKey: .portMapping)
        }
    }
}
