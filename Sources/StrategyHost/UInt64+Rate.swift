// SPDX-License-Identifier: Apache-2.0

extension UInt64 {
    /// Whole bytes a second; 0 for what is no rate.
    init(rate: Double) {
        self = rate > 0 && rate < 1e18 ? UInt64(rate) : 0
    }
}
