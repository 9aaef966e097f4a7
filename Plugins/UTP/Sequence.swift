// SPDX-License-Identifier: Apache-2.0

extension UInt16 {
    /// How far this sequence number is ahead of `other`, -32768 ... 32767; the numbers wrap around.
    func ahead(of other: UInt16) -> Int { Int(Int16(bitPattern: self &- other)) }

    /// The sequence number `distance` further.
    func advanced(_ distance: Int) -> UInt16 { self &+ UInt16(truncatingIfNeeded: distance) }
}

extension UInt32 {
    /// Whether this time stamp lies before `other`; they wrap around after 71 minutes.
    func precedes(_ other: UInt32) -> Bool { Int32(bitPattern: self &- other) < 0 }
}
