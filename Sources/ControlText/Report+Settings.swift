// SPDX-License-Identifier: Apache-2.0

package import ControlWire

extension Report {
    /// The table of `config`.
    package static func settings(_ settings: [ConfigSetting], width: Int?) -> String {
        let anyWaits = settings.contains { $0.configured != nil }
        var columns: [TextTable.Column] = [.text("KEY"), .flexible("VALUE"), .text("CHANGES"), .text("FROM")]
        if anyWaits { columns.append(.flexible("FILE SAYS")) }
        var table = TextTable(columns)
        for setting in settings {
            var row = [
                setting.key, setting.value ?? "-", setting.live ? "live" : "at restart", Self.origin(of: setting),
            ]
            if anyWaits { row.append(setting.configured ?? "") }
            table.append(row)
        }
        return table.text(width: width)
    }

    /// The lines of `config KEY`.
    package static func setting(_ setting: ConfigSetting) -> String {
        var fields = FieldList()
        fields.append("key", setting.key)
        fields.append("value", setting.value ?? "unset")
        fields.append("from", Self.origin(of: setting))
        if let configured = setting.configured {
            let when = setting.live ? "a reload" : "a restart"
            fields.append("file says", "\(configured), used after \(when)")
        }
        fields.append("takes", setting.accepts)
        fields.append("changes", setting.live ? "live: `swarmctl config \(setting.key)=VALUE`" : "at restart only")
        fields.append("meaning", setting.help)
        return fields.text
    }

    /// The line that a change ends with.
    package static func changed(_ setting: ConfigSetting) -> String {
        let value = Printable.clean("\(setting.key) = \(setting.value ?? "unset")")
        switch setting.origin {
        case .live:
            return "\(value), until the next reload or restart (the files say \(setting.configured ?? "nothing"))\n"
        case .file: return "\(value), as in \(Printable.clean(setting.place ?? "the files"))\n"
        case .default: return "\(value), the default\n"
        }
    }

    private static func origin(of setting: ConfigSetting) -> String {
        switch setting.origin {
        case .default: "default"
        case .file: setting.place ?? "file"
        case .live: "set live"
        }
    }
}
