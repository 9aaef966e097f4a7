// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A port of 127.0.0.1 where nobody listens, and nobody can meanwhile: connections to it are refused, and datagrams come back
/// as undeliverable.
package final class DeafPort {
    /// Its number, the same for TCP and UDP.
    package let number: UInt16
    private let stream: Socket
    private let datagrams: Socket

    /// Why a port could not be had.
    package struct Failure: Error {
        /// The system's number of it.
        package let code: Int32
    }

    /// Takes a free port, or the one with a number.
    package init(_ number: UInt16 = 0) throws(Failure) {
        self.stream = try Socket(SOCK_STREAM)
        self.datagrams = try Socket(SOCK_DGRAM)
        self.number = try self.stream.bind(to: number)
        _ = try self.datagrams.bind(to: self.number)
        // Bound, and yet only for what comes from this port itself.
        try self.datagrams.connect(to: self.number)
    }

    private struct Socket: ~Copyable {
        let descriptor: Int32

        init(_ kind: __socket_type) throws(Failure) {
            self.descriptor = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard self.descriptor >= 0 else { throw Failure(code: errno) }
            // Connections of whoever had the port before may not be over yet.
            var yes: Int32 = 1
            guard kind == SOCK_STREAM else { return }
            setsockopt(self.descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        }

        deinit { close(self.descriptor) }

        func bind(to number: UInt16) throws(Failure) -> UInt16 {
            var address = Self.address(number)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = self.descriptor
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                    Glibc.bind(descriptor, raw, length) == 0 && getsockname(descriptor, raw, &length) == 0
                }
            }
            guard isBound else { throw Failure(code: errno) }
            return UInt16(bigEndian: address.sin_port)
        }

        func connect(to number: UInt16) throws(Failure) {
            var address = Self.address(number)
            let descriptor = self.descriptor
            let isConnected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else { throw Failure(code: errno) }
        }

        private static func address(_ number: UInt16) -> sockaddr_in {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = number.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            return address
        }
    }
}
