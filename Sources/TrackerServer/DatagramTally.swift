// SPDX-License-Identifier: Apache-2.0

/// What one worker counts between two looks at the clock: plain numbers, carried to the shared ones once a batch.
struct DatagramTally {
    var connects: UInt64 = 0
    var announces: UInt64 = 0
    var scrapes: UInt64 = 0
    var pieceRequests: UInt64 = 0
    /// Those that told of pieces, whatever came of it. Nobody waits for the answer.
    var reports = 0
    /// Announces and scrapes answered with an error.
    var refusals: UInt64 = 0
    /// Requests whose connection id was too old, or not theirs.
    var staleConnectionIDs: UInt64 = 0
    /// What made no sense and got no answer.
    var badRequests: UInt64 = 0
    /// Answers that the kernel did not take.
    var lostAnswers: UInt64 = 0
}

extension ServerCounters {
    func add(_ tally: DatagramTally) {
        self.connects.add(tally.connects)
        self.announces.add(tally.announces)
        self.scrapes.add(tally.scrapes)
        self.pieceRequests.add(tally.pieceRequests)
        self.refusals.add(tally.refusals)
        self.staleConnectionIDs.add(tally.staleConnectionIDs)
        self.badRequests.add(tally.badRequests)
        self.lostAnswers.add(tally.lostAnswers)
    }
}
