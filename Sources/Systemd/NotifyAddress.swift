// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A Unix datagram socket by its address: a path, or an abstract name that is written with `@` in front.
struct NotifyAddress: Sendable {
    private let bytes: [UInt8]

    /// Nil when the text is neither, or longer than the kernel allows.
    init?(_ text: String) {
        var bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count > 1, !bytes.contains(0) else { return nil }
        switch first {
        case UInt8(ascii: "@"): bytes[0] = 0
        case UInt8(ascii: "/"): break
        default: return nil
        }
        guard bytes.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        self.bytes = bytes
    }

    /// Sends one datagram from a socket of its own, without waiting for room.
    func send(_ datagram: [UInt8]) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: self.bytes) }
        // An abstract name ends where the address does; a path has its zero within.
        let isPath = self.bytes[0] != 0
        let head = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
        let length = socklen_t(head + self.bytes.count + (isPath ? 1 : 0))
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                _ = datagram.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, flags, target, length) }
            }
        }
    }
}
