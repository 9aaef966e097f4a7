// SPDX-License-Identifier: Apache-2.0

package import ControlWire

extension Report {
    /// What goes to standard error when the daemon declines: the message, and what the user may have meant.
    package static func error(_ error: ControlError) -> String {
        var text = "swarmctl: \(Printable.clean(error.message))\n"
        // A name without a torrent is in the message already.
        for candidate in error.candidates where candidate.infoHash != nil || !error.message.contains(candidate.name) {
            let hash = candidate.infoHash.map { Self.short($0) + "  " } ?? ""
            text += "    \(hash)\(Printable.clean(candidate.name))\n"
        }
        return text
    }
}
