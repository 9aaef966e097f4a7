// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a descriptor is, as the kernel says.
struct SocketKind: CustomStringConvertible {
    private let domain: Int32?
    private let type: Int32?
    private let isListening: Bool
    /// Where a Unix socket is bound.
    let path: String?

    init(of descriptor: Int32) {
        self.domain = Self.option(SO_DOMAIN, of: descriptor)
        self.type = Self.option(SO_TYPE, of: descriptor)
        self.isListening = Self.option(SO_ACCEPTCONN, of: descriptor) == 1
        self.path = self.domain == AF_UNIX ? Self.path(of: descriptor) : nil
    }

    /// Whether clients on this machine can be accepted on it.
    var isUnixListener: Bool {
        self.domain == AF_UNIX && self.type == Int32(SOCK_STREAM.rawValue) && self.isListening
    }

    var description: String {
        guard let domain = self.domain else { return "no socket" }
        let family =
            switch domain {
            case AF_UNIX: "a Unix"
            case AF_INET: "an IPv4"
            case AF_INET6: "an IPv6"
            case AF_NETLINK: "a netlink"
            default: "an address family \(domain)"
            }
        let word =
            switch self.type {
            case Int32(SOCK_STREAM.rawValue): "stream"
            case Int32(SOCK_DGRAM.rawValue): "datagram"
            case Int32(SOCK_SEQPACKET.rawValue): "packet"
            default: "other"
            }
        return "\(family) \(word) socket that \(self.isListening ? "listens" : "does not listen")"
    }

    private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }

    private static func path(of descriptor: Int32) -> String? {
        var address = sockaddr_un()
        var size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard code == 0 else { return nil }
        let bytes = withUnsafeBytes(of: &address.sun_path) { Array($0.prefix { $0 != 0 }) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
