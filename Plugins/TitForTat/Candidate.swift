// SPDX-License-Identifier: Apache-2.0

/// A peer that might be given a slot which it has not earned.
struct Candidate {
    /// What is known of it.
    struct Traits: OptionSet {
        let rawValue: UInt8

        /// Has such a slot, and its time is not over.
        static let ongoing = Traits(rawValue: 1)
        /// Has no slot.
        static let choked = Traits(rawValue: 2)
        /// Took what it was offered the last time.
        static let awake = Traits(rawValue: 4)
        /// May be expected to give something in return.
        static let hopeful = Traits(rawValue: 8)
        /// Has sent us something before, and may be expected to do so again.
        static let proven: Traits = [.hopeful, Traits(rawValue: 16)]
    }

    /// Its place in the round.
    let index: Int
    let traits: Traits
    /// How likely it is to be drawn, at least 1.
    let weight: Int
}
