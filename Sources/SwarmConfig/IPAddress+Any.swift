// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension IPAddress {
    /// `0.0.0.0`
    static var anyV4: IPAddress { IPAddress(v4: 0) }
    /// `::`
    static var anyV6: IPAddress { IPAddress(bytes: [UInt8](repeating: 0, count: 16)) ?? .anyV4 }
}
