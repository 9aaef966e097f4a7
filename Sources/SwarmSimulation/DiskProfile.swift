// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How fast a node hashes and writes whole pieces, one after the other, and reads blocks.
package struct DiskProfile: Sendable {
    /// Bytes a second that are hashed and written.
    package var writeRate = 200e6
    /// Time of each job besides.
    package var latency = Interval.milliseconds(2)
    /// Bytes a second that are read for others; nil when all that is asked for lies in memory.
    package var readRate: Double?
    /// Bytes that fit.
    package var capacity = UInt64.max

    /// A quick disk without end.
    package init() {}
}
