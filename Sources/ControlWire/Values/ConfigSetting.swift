// SPDX-License-Identifier: Apache-2.0

/// One key of the configuration, its value in effect, and where that comes from. Values are TOML text.
package struct ConfigSetting: ControlObject {
    /// The key with its table: `peer.connections`.
    package var key: String
    /// The value in effect; absent when it is unset.
    package var value: String?
    /// Where the value comes from.
    package var origin: ConfigOrigin
    /// Where in the files the key stands, as `path:line`; absent when it does not.
    package var place: String?
    /// The value that the files (or the default) give it, when that is another: what the next reload or restart brings.
    package var configured: String?
    /// Whether it can change while the daemon runs.
    package var live: Bool
    /// Which values it takes, in words.
    package var accepts: String
    /// What it does, in a sentence or two.
    package var help: String

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case key
        case value
        case origin
        case place
        case configured
        case live
        case accepts
        case help
    }

    /// Takes the fields as they are.
    package init(
        key: String, value: String?, origin: ConfigOrigin, place: String? = nil, configured: String? = nil, live: Bool,
        accepts: String, help: String
    ) {
        self.key = key
        self.value = value
        self.origin = origin
        self.place = place
        self.configured = configured
        self.live = live
        self.accepts = accepts
        self.help = help
    }
}
