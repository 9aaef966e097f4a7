// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// The service manager's end: a datagram socket that is gone afterwards.
final class NotifySocketFixture: Sendable {
    let descriptor: Int32
    /// What `NOTIFY_SOCKET` would say.
    let name: String
    private let folder: String

    /// A socket in the file system, or one with an abstract name.
    init(abstract: Bool = false) throws {
        var template = Array("/tmp/swarm-notify-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        self.folder = folder
        self.name = (abstract ? "@" : "") + folder + "/socket"
        self.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(self.descriptor >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(self.name.utf8)
        if abstract { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (abstract ? 0 : 1))
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(self.descriptor, $0, length) }
        }
        try #require(code == 0)
    }

    deinit {
        close(self.descriptor)
        unlink(self.folder + "/socket")
        rmdir(self.folder)
    }

    /// What has arrived and was not read yet; nil when nothing has. Local datagrams are there when sendto returns.
    func next() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = recv(self.descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
