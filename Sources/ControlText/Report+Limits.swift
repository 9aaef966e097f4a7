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

    private static let scheduleKey = "limits.schedule"
    /// The keys of the configuration that cap all torrents together.
    package static let limitKeys = [
        "limits.download", "limits.upload", scheduleKey, "limits.scheduled_download", "limits.scheduled_upload",
    ]

    /// The table of `limit`: what holds for all torrents together, and when. Takes the settings of `limitKeys`.
    package static func limitsOfAll(_ settings: [ConfigSetting], width: Int?) -> String {
        let values = Dictionary(settings.map { ($0.key, $0.value ?? "") }) { first, _ in first }
        let spans = values[Self.scheduleKey].map(Self.spans) ?? []
        var table = TextTable([.flexible("WHEN"), .number("DOWN"), .number("UP")])
        func row(_ when: String, _ down: String, _ up: String) {
            table.append([when] + [down, up].map { Self.limit(values["limits.\($0)"] ?? "") })
        }
        for span in spans { row(span, "scheduled_download", "scheduled_upload") }
        row(spans.isEmpty ? "always" : "otherwise", "download", "upload")
        return "all torrents together:\n" + table.text(width: width) + settings.map(Self.remark(on:)).joined()
    }

    /// That a limit is another than the files say; empty when it is not.
    private static func remark(on setting: ConfigSetting) -> String {
        guard let configured = setting.configured else { return "" }
        let files =
            setting.key == Self.scheduleKey
            ? Self.spans(configured).joined(separator: ", ") : Self.limit(configured)
        return Printable.clean(
            "\(setting.key) holds until the next reload or restart; the files say "
                + (files.isEmpty ? "no schedule" : files)) + "\n"
    }

    /// A limit as the configuration has it, in words.
    private static func limit(_ toml: String) -> String {
        let text = toml.hasPrefix("\"") ? String(toml.dropFirst().dropLast()) : toml
        return SizeText.parse(text).map { Self.limit($0) } ?? toml
    }

    /// The times of a schedule, which the configuration has as an array of strings.
    private static func spans(_ toml: String) -> [String] {
        toml.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
