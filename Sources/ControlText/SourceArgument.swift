// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What the user gave to `add`.
package enum SourceArgument: Equatable, Sendable {
    /// The path of a .torrent file, as typed.
    case file(String)
    /// Standard input.
    case standardInput
    /// A magnet link.
    case magnet(String)
    /// An http or https address.
    case url(String)
    /// Forty digits.
    case infoHash(InfoHash)

    /// Tells what `text` is; something that looks like an info-hash but is the name of a file is the file.
    package init(_ text: String, isFile: (String) -> Bool) {
        let lowered = text.lowercased()
        if text == "-" {
            self = .standardInput
        } else if lowered.hasPrefix("magnet:") {
            self = .magnet(text)
        } else if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") {
            self = .url(text)
        } else if isFile(text) {
            self = .file(text)
        } else if let hash = InfoHash(hex: text) {
            self = .infoHash(hash)
        } else if lowered.utf8.count == 64, Hexadecimal.decode(lowered) != nil {
            self = .magnet("magnet:?xt=urn:btmh:1220" + lowered)
        } else {
            self = .file(text)
        }
    }

    /// What may have been meant by the path of a file that is not there.
    package static func advice(for path: String) -> String {
        if let scheme = path.firstRange(of: "://"), scheme.lowerBound > path.startIndex {
            return "of addresses only those that begin with http:// or https:// can be fetched"
        }
        if !path.isEmpty, path.allSatisfy(\.isHexDigit) {
            return "an info-hash has 40 digits, or 64; `swarmctl get \(path)` looks for its beginning in the catalogue"
        }
        return path.contains("/") || path.hasSuffix(".torrent")
            ? "a .torrent file of this machine is wanted"
            : "`swarmctl get` finds torrents in the catalogue by their names"
    }
}
