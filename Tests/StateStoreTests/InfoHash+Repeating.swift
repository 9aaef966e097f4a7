// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension InfoHash {
    /// Twenty equal bytes.
    init(repeating byte: UInt8) {
        guard let digest = Bytes20([UInt8](repeating: byte, count: 20)) else { preconditionFailure("twenty bytes") }
        self.init(digest)
    }
}
