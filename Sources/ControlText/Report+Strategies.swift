// SPDX-License-Identifier: Apache-2.0

package import ControlWire

extension Report {
    /// The table of `plugins`, and a line for each file that cannot be used.
    package static func plugins(_ result: DaemonPlugins.Result, width: Int?) -> String {
        var table = TextTable([
            .text("KIND"), .text("NAME"), .text("USED"), .number("CALLS"), .number("FAULTS"),
            .number("MEAN"), .flexible("SUMMARY"),
        ])
        for plugin in result.plugins {
            let state = plugin.disabled ? "turned off" : plugin.isDefault ? "default" : ""
            table.append([
                plugin.kind, plugin.name, state, "\(plugin.calls)", "\(plugin.faults)",
                Self.meanTime(plugin), plugin.summary,
            ])
        }
        var text = result.plugins.isEmpty ? "no plugins\n" : table.text(width: width)
        if !result.unusable.isEmpty { text += "\nfiles that cannot be used:\n" }
        for failure in result.unusable { text += "  \(Printable.clean(failure.message))\n" }
        return text
    }

    /// The lines of `plugins NAME`.
    package static func plugin(_ plugin: PluginStatus) -> String {
        var fields = FieldList()
        fields.append(plugin.kind, plugin.name)
        fields.append("version", "\(plugin.version), for interface \(plugin.interface)")
        fields.append("does", plugin.summary)
        fields.append("file", plugin.path)
        fields.append(
            "used", plugin.disabled ? "no: turned off for its faults" : plugin.isDefault ? "by default" : "when chosen")
        fields.append("decisions", "\(plugin.calls), \(Self.meanTime(plugin)) each on average")
        fields.append("faults", "\(plugin.faults)")
        if plugin.options.isEmpty { fields.append("options", "none") }
        var text = fields.text
        for option in plugin.options {
            text += "\n[strategy.\(Printable.clean(plugin.name))] \(Printable.clean(option.key)) = "
            text += Printable.clean(Self.toml(option.value, option)) + "\n"
            text += "  \(Printable.clean(option.help))\n  \(Self.range(of: option)), default "
            text += Printable.clean(Self.toml(option.default, option)) + "\n"
        }
        return text
    }

    /// What `strategy` prints: the configured ones, and the torrents that differ.
    package static func strategies(_ result: StrategyGet.Result, width: Int?) -> String {
        var fields = FieldList()
        fields.append("picker", result.picker)
        fields.append("choker", result.choker)
        fields.append("transports", result.transports.joined(separator: ", "))
        guard !result.torrents.isEmpty else { return fields.text }
        var table = TextTable([
            .text("ID"), .flexible("NAME"), .text("PICKER"), .text("CHOKER"), .text("COMPRESSION"),
        ])
        for torrent in result.torrents {
            table.append([
                Self.short(torrent.infoHash), torrent.name,
                Self.strategy(torrent.picker, torrent.ownPicker, torrent.workingPicker),
                Self.strategy(torrent.choker, torrent.ownChoker, torrent.workingChoker),
                Self.strategy(torrent.compression, torrent.ownCompression, nil),
            ])
        }
        return fields.text + "\ntorrents with others:\n" + table.text(width: width)
    }

    /// The line of one torrent.
    package static func strategies(of torrent: TorrentStrategies) -> String {
        Printable.clean(
            "\(torrent.name): picker \(Self.strategy(torrent.picker, torrent.ownPicker, torrent.workingPicker)), choker "
                + Self.strategy(torrent.choker, torrent.ownChoker, torrent.workingChoker)
                + ", compression " + Self.strategy(torrent.compression, torrent.ownCompression, nil)
                + ", super-seeding \(torrent.superSeeding ? "on" : "off")" + Self.seedLimits(torrent)) + "\n"
    }

    /// The line that `label` ends with.
    package static func labels(_ torrent: TorrentLabels) -> String {
        let labels = torrent.labels.isEmpty ? "no labels" : torrent.labels.joined(separator: ", ")
        return Printable.clean("\(torrent.name): \(labels)") + "\n"
    }

    private static func seedLimits(_ torrent: TorrentStrategies) -> String {
        [
            torrent.seedRatio.map { ", seed_ratio \($0 > 0 ? SizeText.ratio($0) : "none")" },
            torrent.seedTime.map { ", seed_time \($0 > 0 ? DurationText.duration($0) : "none")" },
            torrent.moveTo.map { ", move_to \($0)" },
            torrent.seedIdle.map { ", seed_idle \($0 > 0 ? DurationText.duration($0) : "none")" },
        ].compactMap { $0 }.joined()
    }

    private static func strategy(_ name: String, _ isOwn: Bool, _ working: String?) -> String {
        let origin = isOwn ? "its own" : "as configured"
        guard let working, working != name else { return "\(name) (\(origin))" }
        return "\(name) (\(origin); \(working) works in its place)"
    }

    private static func meanTime(_ plugin: PluginStatus) -> String {
        guard let nanoseconds = plugin.meanTime else { return "-" }
        switch nanoseconds {
        case ..<10_000: return "\(nanoseconds) ns"
        case ..<10_000_000: return "\(nanoseconds / 1000) us"
        default: return "\(nanoseconds / 1_000_000) ms"
        }
    }

    private static func range(of option: PluginOption) -> String {
        if let minimum = option.minimum, let maximum = option.maximum {
            return "\(option.type), \(minimum) to \(maximum)"
        }
        return option.type == "boolean" ? "true or false" : option.type
    }

    private static func toml(_ value: String, _ option: PluginOption) -> String {
        option.type == "text" ? "\"\(value)\"" : value
    }
}
