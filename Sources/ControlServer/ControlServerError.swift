// SPDX-License-Identifier: Apache-2.0

/// Why the control socket cannot be served. The message says what, where and what to do.
package enum ControlServerError: Error, Equatable, CustomStringConvertible {
    /// The path is empty, or longer than the kernel allows (107 bytes).
    case badPath(String)
    /// A daemon answers at this path.
    case alreadyServed(path: String)
    /// Something that is not a socket is in the way.
    case notASocket(path: String)
    /// A system call failed.
    case system(call: String, path: String, errno: Int32, reason: String)

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .badPath(let path):
            "control socket \(path.isEmpty ? "(empty path)" : path): the path must have 1 to 107 bytes"
        case .alreadyServed(let path):
            "control socket \(path): another daemon is running and answers there; stop it, or give this one a "
                + "control_socket of its own"
        case .notASocket(let path):
            "control socket \(path): something that is not a socket is in the way; remove it or choose another path"
        case .system(let call, let path, _, let reason):
            "control socket \(path): \(call): \(reason)"
        }
    }
}
