// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The sockets that the service manager opened for this process (sd_listen_fds_with_names(3)).
package struct PassedSockets: Sendable {
    /// One of them.
    package struct Socket: Hashable, Sendable {
        /// Its descriptor.
        package let descriptor: Int32
        /// `FileDescriptorName=` of its unit, else the unit's name.
        package let name: String
    }

    /// The first passed descriptor.
    package static let firstDescriptor: Int32 = 3
    /// More than any unit of ours has; a number above is a mistake.
    private static let limit: Int32 = 64

    /// In the order of the units.
    package let sockets: [Socket]

    /// What was passed to a process with this number and these environment variables: `first` and what follows.
    package init(environment: [String: String], process: Int32, first: Int32 = Self.firstDescriptor) {
        guard environment["LISTEN_PID"] == "\(process)", let text = environment["LISTEN_FDS"], let count = Int32(text),
            count > 0, count <= Self.limit
        else {
            self.sockets = []
            return
        }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
        self.sockets = (0..<count).map { index in
            let name = Int(index) < names.count ? String(names[Int(index)]) : "unknown"
            return Socket(descriptor: first + index, name: name)
        }
    }

    /// The listening stream socket of the Unix family that `name` names, or, when none has that name, the only one
    /// there is; nil when nothing was passed. Every passed descriptor is closed to programs that this one starts, and
    /// what is returned does not block. Throws when the named socket is of another kind, or when a socket was passed
    /// that the program has no use for: an operator must hear that it will never answer.
    package func listener(named name: String) throws(PassedSocketError) -> ListeningSocket? {
        for socket in self.sockets { _ = fcntl(socket.descriptor, F_SETFD, FD_CLOEXEC) }
        let named = self.sockets.first { $0.name == name }
        guard let chosen = named ?? self.sockets.first(where: { SocketKind(of: $0.descriptor).isUnixListener }) else {
            guard let stray = self.sockets.first else { return nil }
            throw .noUse(name: stray.name, kind: "\(SocketKind(of: stray.descriptor))", wanted: name)
        }
        let kind = SocketKind(of: chosen.descriptor)
        guard kind.isUnixListener else { throw .wrongKind(name: chosen.name, kind: "\(kind)") }
        if let stray = self.sockets.first(where: { $0 != chosen }) {
            throw .noUse(name: stray.name, kind: "\(SocketKind(of: stray.descriptor))", wanted: name)
        }
        _ = fcntl(chosen.descriptor, F_SETFL, fcntl(chosen.descriptor, F_GETFL) | O_NONBLOCK)
        return ListeningSocket(descriptor: chosen.descriptor, path: kind.path)
    }
}
