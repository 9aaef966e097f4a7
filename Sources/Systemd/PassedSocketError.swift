// SPDX-License-Identifier: Apache-2.0

/// Why a socket that the service manager passed cannot be served. The description says what to do.
package enum PassedSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The named socket is not a Unix stream socket that listens.
    case wrongKind(name: String, kind: String)
    /// A socket for which the program has no use.
    case noUse(name: String, kind: String, wanted: String)

    package var description: String {
        switch self {
        case .wrongKind(let name, let kind):
            "the socket \u{201C}\(name)\u{201D} that systemd passed is \(kind), but commands come over a Unix stream socket: "
                + "give its .socket unit one ListenStream= with a path"
        case .noUse(let name, let kind, let wanted):
            "systemd passed the socket \u{201C}\(name)\u{201D}, \(kind), for which there is no use: only one Unix stream "
                + "socket named \u{201C}\(wanted)\u{201D} is taken; remove the other from its .socket unit (systemctl "
                + "list-sockets names it); ports for peers are set in the configuration"
        }
    }
}
