// SPDX-License-Identifier: Apache-2.0

/// Tells which strategies decide.
package enum StrategyGet: ControlMethod {
    /// The name on the wire.
    package static let name = "strategy.get"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package struct Params: ControlObject {
        /// One torrent; absent means those that differ from the configured strategies.
        package var id: TorrentSelector?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
        }

        /// Takes the fields as they are.
        package init(id: TorrentSelector? = nil) {
            self.id = id
        }
    }

    /// What comes out.
    package struct Result: ControlObject {
        /// The configured picker.
        package var picker: String
        /// The configured choker.
        package var choker: String
        /// The configured transports, best first.
        package var transports: [String]
        /// The torrents that were asked for.
        package var torrents: [TorrentStrategies]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case picker
            case choker
            case transports
            case torrents
        }

        /// Takes the fields as they are.
        package init(picker: String, choker: String, transports: [String], torrents: [TorrentStrategies]) {
            self.picker = picker
            self.choker = choker
            self.transports = transports
            self.torrents = torrents
        }
    }
}
