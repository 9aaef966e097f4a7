// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How far a long operation is. Finished jobs are remembered for a while, so that their end can be seen.
package struct JobStatus: ControlObject {
    /// Its number.
    package var job: Int
    /// What it does.
    package var kind: JobKind
    /// Whether it still runs, and how it ended.
    package var state: JobState
    /// Bytes worked on so far.
    package var done: Int
    /// Bytes to work on; 0 while that is unknown.
    package var total: Int
    /// The torrent, once it is known.
    package var infoHash: InfoHash?
    /// The torrent's name, once it is known.
    package var name: String?
    /// Why it failed.
    package var error: ControlError?
    /// Of a verification that is done: pieces that are right.
    package var good: Int?
    /// Of a verification that is done: pieces that were thought to be there and are not right.
    package var lost: Int?

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case job
        case kind
        case state
        case done
        case total
        case infoHash = "info_hash"
        case name
        case error
        case good
        case lost
    }

    /// Takes the fields as they are.
    package init(
        job: Int, kind: JobKind, state: JobState, done: Int, total: Int, infoHash: InfoHash? = nil, name: String? = nil,
        error: ControlError? = nil, good: Int? = nil, lost: Int? = nil
    ) {
        self.job = job
        self.kind = kind
        self.state = state
        self.done = done
        self.total = total
        self.infoHash = infoHash
        self.name = name
        self.error = error
        self.good = good
        self.lost = lost
    }
}
