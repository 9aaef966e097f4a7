// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A client that says all it has to say, closes its side, and reads when it is told to.
final class LateReader: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        self.descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw ServerFixture.POSIXFailure(number: errno) }
    }

    deinit { close(self.descriptor) }

    /// Sends text, and nothing after it.
    func send(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = write(self.descriptor, bytes.baseAddress! + sent, bytes.count - sent)
                guard count > 0 else { return }
                sent += count
            }
        }
        shutdown(self.descriptor, Int32(SHUT_WR))
    }

    /// What comes until the other side closes.
    func readAll() -> [UInt8] {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(self.descriptor, &bytes, bytes.count)
            guard count > 0 else { return all }
            all += bytes[..<count]
        }
    }
}
