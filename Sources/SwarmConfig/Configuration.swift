// SPDX-License-Identifier: Apache-2.0

/// A program's whole configuration: plain values with defaults, and the description of its keys, which drives reading,
/// checking and the default file.
package protocol Configuration: Sendable {
    /// Everything at its default.
    init()
    /// What the file is, for the head of the default file.
    static var title: String { get }
    /// The tables, in the order of the default file.
    static var tables: [SettingTable] { get }
    /// Every key there is, grouped by table.
    static var keys: [SettingKey<Self>] { get }
    /// The tables of the program that reads the same `conf.d`: a drop-in may hold them too.
    static var neighbourTables: [SettingTable] { get }
    /// The name of that program's own file.
    static var neighbourFile: String { get }
    /// The tables that may have tables of options below them, and where those options go.
    static var optionTables: [String: any WritableKeyPath<Self, OptionTables> & Sendable] { get }
    /// Conditions across keys.
    static var rules: [SettingRule<Self>] { get }
    /// What is wrong with options, by key.
    var optionComplaints: [(key: String, message: String)] { get }
}

extension Configuration {
    package static var optionTables: [String: any WritableKeyPath<Self, OptionTables> & Sendable] { [:] }
    package var optionComplaints: [(key: String, message: String)] { [] }

    /// Reads `path`, then every `conf.d/*.toml` beside it in name order; later files win key by key. The drop-ins are
    /// optional, `path` is not. Throws every problem of every file at once.
    package static func load(path: String) throws(ConfigurationError) -> LoadedConfiguration<Self> {
        var problems: [ConfigurationProblem] = []
        let sources = ConfigurationFiles.read(path: path, problems: &problems)
        return try Self.parse(sources, problems: problems)
    }

    /// Reads texts that are already at hand, as `load(path:)` does.
    package static func parse(_ sources: [ConfigurationSource]) throws(ConfigurationError) -> LoadedConfiguration<Self>
    {
        try Self.parse(sources, problems: [])
    }

    private static func parse(
        _ sources: [ConfigurationSource], problems: [ConfigurationProblem]
    ) throws(ConfigurationError) -> LoadedConfiguration<Self> {
        var reader = ConfigurationReader<Self>(problems: problems)
        for source in sources { reader.read(source) }
        return try reader.finish()
    }
}
