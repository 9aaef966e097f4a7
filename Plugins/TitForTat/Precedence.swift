// SPDX-License-Identifier: Apache-2.0

/// Where a peer stands in an order of peers. Every order is one of these, so that the library carries one sort.
struct Precedence {
    /// Its place in the round.
    let index: Int
    /// Lower ones go first.
    let group: Int
    /// Of one group, higher ones go first.
    let rate: UInt64
    /// Of one rate, lower ones go first.
    let since: Int64
    /// Of all the same, lower ones go first.
    let tie: UInt64

    /// The places in the round of `peers`, first to last.
    @inline(never)
    static func order(_ peers: [Precedence]) -> [Int] {
        var peers = peers
        peers.sort { one, other in
            if one.group != other.group { return one.group < other.group }
            if one.rate != other.rate { return one.rate > other.rate }
            return one.since != other.since ? one.since < other.since : one.tie < other.tie
        }
        return peers.map { $0.index }
    }
}
