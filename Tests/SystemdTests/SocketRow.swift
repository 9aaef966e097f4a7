// SPDX-License-Identifier: Apache-2.0

import Glibc
import Systemd
import Testing

/// Descriptors in a row, as a service manager passes them, at numbers that nobody else in the process has.
final class SocketRow {
    enum Kind: Sendable {
        case unixListener
        case unixStream
        case unixDatagram
        case internetStream
        case file
    }

    /// The first of them.
    let first: Int32
    /// Where a listener is bound.
    let path: String
    private let folder: String
    private let count: Int32

    init(_ kinds: [Kind]) throws {
        var template = Array("/tmp/swarm-passed-XXXXXX".utf8CString)
        self.folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        self.path = self.folder + "/control"
        self.count = Int32(kinds.count)
        self.first = try #require(Self.reserveRow(of: self.count))
        for (index, kind) in kinds.enumerated() {
            let made = try self.make(kind)
            try #require(dup2(made, self.first + Int32(index)) >= 0)
            close(made)
        }
    }

    deinit {
        for index in 0..<self.count { close(self.first + index) }
        unlink(self.path)
        rmdir(self.folder)
    }

    /// As the process would see them.
    func passed(names: String) -> PassedSockets {
        PassedSockets(
            environment: ["LISTEN_PID": "42", "LISTEN_FDS": "\(self.count)", "LISTEN_FDNAMES": names], process: 42,
            first: self.first)
    }

    /// The first of `count` numbers in a row, taken for a descriptor of nothing. The kernel is asked for each, because
    /// other tests open and close descriptors at the same time: a number that only seemed free would take away theirs.
    private static func reserveRow(of count: Int32) -> Int32? {
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else { return nil }
        defer { close(nothing) }
        var lowest: Int32 = 400
        for _ in 0..<100 {
            let row = (0..<count).map { fcntl(nothing, F_DUPFD_CLOEXEC, lowest + $0) }
            guard let first = row.first, first >= 0 else { return nil }
            if row == Array(first..<first + count) { return first }
            for descriptor in row where descriptor >= 0 { close(descriptor) }
            lowest = first + 1
        }
        return nil
    }

    private func make(_ kind: Kind) throws -> Int32 {
        let made: Int32
        switch kind {
        case .unixListener, .unixStream: made = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        case .unixDatagram: made = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        case .internetStream: made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        case .file: made = open("/dev/null", O_RDONLY)
        }
        try #require(made >= 0)
        if case .unixListener = kind { try self.listen(made) }
        return made
    }

    private func listen(_ descriptor: Int32) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(self.path.utf8)) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(code == 0 && Glibc.listen(descriptor, 8) == 0)
    }
}
