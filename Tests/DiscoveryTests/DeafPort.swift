// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A loopback port that is taken but not listened on: connections to it are refused, and no other test can get it.
final class DeafPort {
    let number: Int
    private let descriptor: Int32

    init() throws {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = self.descriptor
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, length) != 0 || getsockname(descriptor, raw, &length) != 0
            }
        }
        self.number = Int(UInt16(bigEndian: address.sin_port))
        if failed { throw Failure(code: errno) }
    }

    struct Failure: Error {
        let code: Int32
    }

    deinit { close(self.descriptor) }
}
