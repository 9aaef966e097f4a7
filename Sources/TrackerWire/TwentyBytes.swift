// SPDX-License-Identifier: Apache-2.0

/// Twenty bytes on the stack as a collection, so that no array is made for each hash.
struct TwentyBytes: RandomAccessCollection {
    let storage: InlineArray<20, UInt8>
    var startIndex: Int { 0 }
    var endIndex: Int { 20 }
    subscript(position: Int) -> UInt8 { self.storage[position] }
}
