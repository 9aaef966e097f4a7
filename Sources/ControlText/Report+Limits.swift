// SPDX-License-Identifier: Apache-2.0

package import ControlWire

extension Report {
    /// What a limit is, in words.
    static func limit(_ rate: Int) -> String { rate > 0 ? SizeText.rate(rate) : "no limit" }

    /// The line that `limit ID` ends with.
    package static func limits(of torrent: TorrentLimits) -> String {
        "\(Printable.clean(torrent.name)): \(Self.limit(torrent.down)) down, \(Self.limit(torrent.up)) up\n"
    }

    /// The line that a limit of all torrents together ends with; `way` is down or up.
    package static func limitOfAll(_ rate: Int, _ way: String) -> String {
        "all torrents together: \(Self.limit(rate)) \(way), until the next reload or restart\n"
    }

    /// The keys of the configuration that cap all torrents together.
    package static let limitKeys = [
        "limits.download", "limits.upload", "limits.schedule", "limits.scheduled_download", "limits.scheduled_upload",
    ]
}
