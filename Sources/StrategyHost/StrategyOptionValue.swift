// SPDX-License-Identifier: Apache-2.0

/// The value of one option, checked, in each form that the plugin ABI has.
struct StrategyOptionValue: Hashable, Sendable {
    let text: String
    let integer: Int64
    let number: Double
}
