// SPDX-License-Identifier: Apache-2.0

/// Which parts owe an answer, and what has been told of that already.
struct PulseLedger: Sendable {
    /// How a part is.
    enum Condition: Hashable, Sendable {
        case answering
        /// Silent, because it waits for a disk.
        case waitingForDisk
        /// Silent.
        case stuck
    }

    private var isAsked: [Bool]
    private var known: [Condition]

    init(parts: Int) {
        self.isAsked = Array(repeating: false, count: parts)
        self.known = Array(repeating: .answering, count: parts)
    }

    /// The parts to ask now: a part that still owes an answer is not asked again.
    mutating func ask() -> [Int] {
        let idle = self.isAsked.indices.filter { !self.isAsked[$0] }
        for part in idle { self.isAsked[part] = true }
        return idle
    }

    /// A part has answered.
    mutating func answered(_ part: Int) {
        self.isAsked[part] = false
    }

    /// Looks at who still owes an answer. Returns what is new of any part, and whether the program is alive.
    mutating func judge(
        waitsForDisk: (Int) -> Bool
    ) -> (isAlive: Bool, news: [(part: Int, condition: Condition)]) {
        var news: [(part: Int, condition: Condition)] = []
        for part in self.isAsked.indices {
            let condition: Condition =
                if !self.isAsked[part] { .answering } else if waitsForDisk(part) { .waitingForDisk } else { .stuck }
            guard condition != self.known[part] else { continue }
            self.known[part] = condition
            news.append((part, condition))
        }
        return (!self.known.contains(.stuck), news)
    }
}
