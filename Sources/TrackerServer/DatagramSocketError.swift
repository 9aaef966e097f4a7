// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why there is no UDP socket.
struct DatagramSocketError: Error, CustomStringConvertible {
    /// An errno.
    let code: Int32

    var description: String { strerror(self.code).map { String(cString: $0) } ?? "error \(self.code)" }
}
