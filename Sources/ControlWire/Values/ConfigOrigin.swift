// SPDX-License-Identifier: Apache-2.0

/// Where the value of a configuration key comes from.
package enum ConfigOrigin: String, Codable, CaseIterable, Sendable {
    /// No file says anything.
    case `default`
    /// A configuration file.
    case file
    /// `config.set`: it holds until the next reload or restart.
    case live
}
