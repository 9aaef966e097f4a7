// SPDX-License-Identifier: Apache-2.0

/// A configuration as its files say it, and where each value comes from.
package struct LoadedConfiguration<Root: Configuration>: Sendable {
    /// All values.
    package let value: Root
    /// Where the values stand that are in a file, by dotted name; the others are defaults.
    package let places: [String: SettingPlace]
    /// Where the names of options stand, and those of the tables that they are in: whether there is such an option is
    /// found out later than whether there is such a key.
    package let keyPlaces: [String: SettingPlace]

    /// Takes the parts as they are.
    package init(value: Root, places: [String: SettingPlace] = [:], keyPlaces: [String: SettingPlace] = [:]) {
        self.value = value
        self.places = places
        self.keyPlaces = keyPlaces
    }

    /// A problem with the value of a key, at its place or else at that of the key it is compared with; without a place
    /// when no file is to blame.
    package func problem(with key: String, against other: String? = nil, _ message: String) -> ConfigurationProblem {
        self.problem(at: self.places[key] ?? other.flatMap { self.places[$0] }, key, message)
    }

    /// A problem with the name of an option, or of the table that it is in.
    package func problem(withNameOf key: String, _ message: String) -> ConfigurationProblem {
        self.problem(at: self.keyPlaces[key], key, message)
    }

    private func problem(at place: SettingPlace?, _ key: String, _ message: String) -> ConfigurationProblem {
        ConfigurationProblem(
            path: place?.path ?? "defaults", line: place?.line ?? 0, column: place?.column ?? 0,
            message: "\(key): \(message)")
    }
}
