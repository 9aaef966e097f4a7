// SPDX-License-Identifier: Apache-2.0

/// The turns of a node's pipes at its uplink. A pipe that begins with short messages goes before those that are full of
/// blocks, as with the fair queueing of today's routers.
struct Uplink {
    /// The pipe whose segment is being sent.
    var current: Int32?
    private var brief = Queue<Int32>()
    private var bulk = Queue<Int32>()

    mutating func enqueue(_ pipe: Int32, isBrief: Bool) {
        if isBrief { self.brief.append(pipe) } else { self.bulk.append(pipe) }
    }

    mutating func next() -> Int32? { self.brief.popFirst() ?? self.bulk.popFirst() }
}
