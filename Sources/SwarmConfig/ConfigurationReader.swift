// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Applies files to a configuration, one after the other, and collects everything that is wrong.
struct ConfigurationReader<Root: Configuration> {
    private var root = Root()
    private var problems: [ConfigurationProblem]
    private let keys: [String: SettingKey<Root>]
    private var places: [String: SettingPlace] = [:]
    private var keyPlaces: [String: SettingPlace] = [:]

    init(problems: [ConfigurationProblem]) {
        self.problems = problems
        self.keys = Dictionary(Root.keys.map { ($0.dottedName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func read(_ source: ConfigurationSource) {
        do throws(SettingFault) {
            for entry in try TomlDocument.entries(of: source.text) where !Self.isForNeighbour(entry, of: source) {
                self.readTable(entry, of: source.path)
            }
        } catch {
            self.report(error, in: source.path)
        }
    }

    /// What was read, unless something was wrong.
    mutating func finish() throws(ConfigurationError) -> LoadedConfiguration<Root> {
        let loaded = LoadedConfiguration(value: self.root, places: self.places, keyPlaces: self.keyPlaces)
        // Rules compare values: where one is wrong, a complaint about the others would only confuse.
        if self.problems.isEmpty {
            self.problems = self.root.brokenRules().map {
                loaded.problem(with: $0.key, against: $0.against, $0.message)
            }
        }
        guard self.problems.isEmpty else { throw ConfigurationError(problems: self.problems) }
        return loaded
    }

    /// Whether this is the other program's affair: it checks its tables when it reads the same drop-in.
    private static func isForNeighbour(_ entry: TomlEntry, of source: ConfigurationSource) -> Bool {
        guard source.isDropIn, case .table = entry.node.value else { return false }
        return Self.isNeighbours(entry.key)
    }

    private static func isNeighbours(_ table: String) -> Bool {
        !Root.tables.contains { $0.name == table } && Root.neighbourTables.contains { $0.name == table }
    }

    private mutating func readTable(_ entry: TomlEntry, of path: String) {
        guard Root.tables.contains(where: { $0.name == entry.key }) else {
            let message = self.unknownTable(entry)
            self.report(SettingFault(line: entry.line, column: entry.column, message: message), in: path)
            return
        }
        guard case .table(let entries) = entry.node.value else {
            self.report(SettingFault(entry.node, "\(entry.key) is a table: write [\(entry.key)]"), in: path)
            return
        }
        for setting in entries { self.readSetting(setting, of: entry.key, in: path) }
    }

    private mutating func readSetting(_ entry: TomlEntry, of table: String, in path: String) {
        guard let key = self.keys["\(table).\(entry.key)"] else {
            if let field = Root.optionTables[table], case .table(let options) = entry.node.value {
                return self.readOptions(options, of: entry, in: "\(table).\(entry.key)", field, path)
            }
            let message = self.unknownKey(entry.key, of: table)
            self.report(SettingFault(line: entry.line, column: entry.column, message: message), in: path)
            return
        }
        if let fault = key.read(entry.node, &self.root) {
            let message = "\(key.dottedName): \(fault.message)"
            self.report(SettingFault(line: fault.line, column: fault.column, message: message), in: path)
        }
        self.places[key.dottedName] = SettingPlace(path: path, line: entry.node.line, column: entry.node.column)
    }

    private mutating func readOptions(
        _ options: [TomlEntry], of owner: TomlEntry, in table: String,
        _ field: any WritableKeyPath<Root, OptionTables> & Sendable, _ path: String
    ) {
        for entry in [owner] + options where !OptionTables.isName(entry.key) {
            let message = "\(table): \(entry.key.toml) cannot be a name here (a-z, 0-9 and -, a letter first)"
            return self.report(SettingFault(line: entry.line, column: entry.column, message: message), in: path)
        }
        self.keyPlaces[table] = SettingPlace(path: path, line: owner.line, column: owner.column)
        for entry in options {
            let name = "\(table).\(entry.key)"
            do throws(SettingFault) {
                self.root[keyPath: field].set(try OptionValue(toml: entry.node), entry.key, of: owner.key)
            } catch {
                self.report(
                    SettingFault(line: error.line, column: error.column, message: "\(name): \(error.message)"), in: path
                )
            }
            self.places[name] = SettingPlace(path: path, line: entry.node.line, column: entry.node.column)
            self.keyPlaces[name] = SettingPlace(path: path, line: entry.line, column: entry.column)
        }
    }

    private func unknownTable(_ entry: TomlEntry) -> String {
        let tables = Root.tables.map(\.name)
        if case .table = entry.node.value {
            if Self.isNeighbours(entry.key) {
                return
                    "[\(entry.key)] belongs in \(Root.neighbourFile), or in a file of conf.d, which both programs read"
            }
            let near = NearestName.nearest(to: entry.key, among: tables)
            return "unknown table [\(entry.key)]" + (near.map { "; did you mean [\($0)]?" } ?? Self.list(tables))
        }
        let homes = Root.keys.filter { $0.name == entry.key }.map { "[\($0.table)]" }
        let advice = homes.isEmpty ? "every key belongs in a table" : "it belongs in \(homes.joined(separator: " or "))"
        return "unknown key \(entry.key) outside any table; \(advice)"
    }

    private func unknownKey(_ name: String, of table: String) -> String {
        let names = Root.keys.filter { $0.table == table }.map(\.name)
        let start = "unknown key \(name) in [\(table)]"
        if let near = NearestName.nearest(to: name, among: names) { return start + "; did you mean \(near)?" }
        if let home = Root.keys.first(where: { $0.name == name }) { return start + "; it belongs in [\(home.table)]" }
        return start + Self.list(names)
    }

    private static func list(_ names: [String]) -> String { "; known are " + names.joined(separator: ", ") }

    private mutating func report(_ fault: SettingFault, in path: String) {
        self.problems.append(
            ConfigurationProblem(path: path, line: fault.line, column: fault.column, message: fault.message))
    }
}
