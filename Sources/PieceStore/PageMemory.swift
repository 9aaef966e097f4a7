// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A mapping of whole pages. Freed by `free()` only, by whoever owns it.
struct PageMemory: @unchecked Sendable {
    /// The granularity of sizes.
    static let pageSize = 4_096

    let base: UnsafeMutableRawPointer
    /// Bytes, a multiple of the page size.
    let capacity: Int

    /// Maps at least `length` bytes. Nil when the system has no memory to give.
    init?(length: Int) {
        let (padded, overflow) = length.addingReportingOverflow(Self.pageSize - 1)
        guard length > 0, !overflow else { return nil }
        let capacity = padded / Self.pageSize * Self.pageSize
        let protection = PROT_READ | PROT_WRITE
        guard let address = mmap(nil, capacity, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            address != MAP_FAILED
        else { return nil }
        self.base = address
        self.capacity = capacity
    }

    /// Returns the pages to the system.
    func free() { munmap(self.base, self.capacity) }
}
