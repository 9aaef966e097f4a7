// SPDX-License-Identifier: Apache-2.0

/// Datagrams that the socket did not take at once. Bounded: what is beyond is dropped, as the network would.
struct DatagramBacklog {
    private static let limit = 1 << 20

    private var bytes: [UInt8] = []
    private var runs: [(count: Int, segment: Int)] = []
    private var sent = 0
    private var firstRun = 0

    var isEmpty: Bool { self.firstRun == self.runs.count }

    /// Adds datagrams of `segment` bytes each, the last with the rest.
    mutating func add(_ datagrams: UnsafeRawBufferPointer, segment: Int) {
        guard self.bytes.count - self.sent + datagrams.count <= Self.limit else { return }
        self.bytes.append(contentsOf: datagrams)
        self.runs.append((datagrams.count, segment))
    }

    /// Sends on, until `send` takes less than it is given. It returns how many bytes it took; a negative number drops what
    /// it was given.
    mutating func drain(_ send: (UnsafeRawBufferPointer, Int) -> Int?) {
        while self.firstRun < self.runs.count {
            let run = self.runs[self.firstRun]
            let taken = self.bytes.withUnsafeBytes { bytes in
                send(UnsafeRawBufferPointer(rebasing: bytes[self.sent..<self.sent + run.count]), run.segment)
            }
            let count = taken ?? run.count
            self.sent += count
            guard count == run.count else {
                self.runs[self.firstRun].count -= count
                return
            }
            self.firstRun += 1
        }
        self.bytes.removeAll(keepingCapacity: false)
        self.runs.removeAll(keepingCapacity: true)
        self.sent = 0
        self.firstRun = 0
    }
}
