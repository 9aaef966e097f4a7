// SPDX-License-Identifier: Apache-2.0

package import ControlWire

extension Report {
    /// What goes to standard error when the daemon declines: the message, and what the user may have meant.
    package static func error(_ error: ControlError) -> String {
        var text = "swarmctl: \(Printable.clean(error.message))\n"
        for candidate in error.candidates {
            let hash = candidate.infoHash.map { Self.short($0) + "  " } ?? ""
            text += "    \(hash)\(Printable.clean(candidate.name))\n"
        }
        return text
    }
}
