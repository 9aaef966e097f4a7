// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// How many peers a seed serves at a time while it is the only one that has some of the pieces: no more than it takes to use
/// its line. Of fewer at a time each has its pieces whole sooner, to pass them on, and fewer fetch the same rare piece
/// because none of them can see yet what the others are fetching.
///
/// Begins with few. Now and then more are served for a round, and it stays at that when so much more goes out.
struct InitialSeeding {
    /// What it begins with.
    static let fewest = 2
    /// How much more must go out for more peers to be worth it.
    static let growth = 1.2
    /// Rounds without a trial after one that was in vain.
    static let pause = 6

    /// Peers to serve.
    private(set) var count = Self.fewest
    /// What was served before the trial that goes on, and the bytes a second that went out then; nil while none does.
    private var trial: (count: Int, rate: Double)?
    /// Rounds until the next trial. The first one waits until it is known what the few take.
    private var left = 2
    private var decidedAt: Instant?

    /// A round begins: `rate` bytes a second went out in the last one, and `wanting` peers want to be served. Rounds that
    /// follow each other in less than `interval` count as one.
    mutating func advance(rate: Double, wanting: Int, interval: Interval, at now: Instant) {
        guard self.decidedAt.map({ now - $0 >= interval }) ?? true else { return }
        self.decidedAt = now
        if let trial = self.trial {
            self.trial = nil
            guard rate >= trial.rate * Self.growth else {
                self.count = trial.count
                self.left = Self.pause
                return
            }
        } else {
            self.left -= 1
            guard self.left <= 0 else { return }
        }
        let more = min(wanting, self.count + max(1, self.count / 2))
        guard more > self.count else { return }
        self.trial = (self.count, rate)
        self.count = more
    }
}
