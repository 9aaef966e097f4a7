// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Lets one thread sleep until another one has something for it.
final class Bell: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .failed("cannot make a pipe: \(String(cString: strerror(errno)))") }
        self.reading = ends[0]
        self.writing = ends[1]
    }

    deinit {
        close(self.reading)
        close(self.writing)
    }

    /// Wakes the one who waits, now or as soon as it does.
    func ring() { _ = write(self.writing, [1], 1) }

    /// Waits until it rang, for so long at most.
    func wait(milliseconds: Int32) {
        var entry = pollfd(fd: self.reading, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, milliseconds)
    }
}
