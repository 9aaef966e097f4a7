// SPDX-License-Identifier: Apache-2.0

/// Messages of the local network that are heeded in a second; one that says more is not listened to for the rest of it.
package struct MessageAllowance: Sendable {
    /// The limit.
    package static let perSecond = 50

    private var second: UInt64 = 0
    private var count = 0

    /// Nothing has come.
    package init() {}

    /// A message came in this second; whether it is heeded.
    package mutating func take(second: UInt64) -> Bool {
        if second != self.second {
            self.second = second
            self.count = 0
        }
        self.count += 1
        return self.count <= Self.perSecond
    }
}
