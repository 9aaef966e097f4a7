// SPDX-License-Identifier: Apache-2.0

/// A value that writes its own JSON, the same that `Encodable` would give, because it may be very large.
package protocol JSONText: Encodable {
    /// The text, on one line, with its keys in order.
    var jsonText: [UInt8] { get }
}
