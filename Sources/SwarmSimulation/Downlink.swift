// SPDX-License-Identifier: Apache-2.0

/// The pipes whose next segments wait for a node's downlink, in the order of arrival.
struct Downlink {
    var waiting = Queue<Int32>()
    /// The pipe whose segment is being taken in.
    var current: Int32?
}
