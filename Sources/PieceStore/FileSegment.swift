// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The part of a run of payload that lies in one file.
struct FileSegment: BitwiseCopyable {
    /// The file's number in the layout.
    let file: Int
    /// Offset in the file.
    let fileOffset: UInt64
    /// Offset in the run.
    let runOffset: Int
    /// Bytes, at least 1.
    let length: Int
}

extension FileLayout {
    /// Calls `body` for every file that the payload bytes `start ..< start + length` touch, in order. The bytes must
    /// lie in the payload.
    func forEachSegment<E: Error>(
        from start: UInt64, length: Int, _ body: (FileSegment) throws(E) -> Void
    ) throws(E) {
        var done = 0
        var index = self.occupiedIndex(containing: start)
        while done < length {
            let number = self.occupied[index]
            let file = self.files[number]
            let position = start + UInt64(done)
            let count = Int(min(UInt64(length - done), file.end - position))
            try body(
                FileSegment(file: number, fileOffset: position - file.offset, runOffset: done, length: count))
            done += count
            index += 1
        }
    }

    /// Index in `occupied` of the file that holds the payload byte `offset`.
    private func occupiedIndex(containing offset: UInt64) -> Int {
        var low = 0
        var high = self.occupied.count
        while low < high {
            let middle = (low + high) / 2
            if self.files[self.occupied[middle]].end <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
