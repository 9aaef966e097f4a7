// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How a node is connected to all others. What its connections send shares its uplink in turn, segment by segment, as
/// equal TCP flows would; what they receive shares its downlink in the order of arrival.
package struct LinkProfile: Sendable {
    /// Bytes a second from the node.
    package var up: Double
    /// Bytes a second to the node.
    package var down: Double
    /// From the node to the middle of the network; a segment takes this of its sender and of its receiver.
    package var delay = Interval.milliseconds(20)
    /// Bytes that one connection keeps waiting for the uplink before it takes no more.
    package var sendBuffer = 64 << 10
    /// Bytes of one connection that may be on their way.
    package var window = 256 << 10
    /// The share of packets of 1,460 bytes that are lost on the way out. Nothing is lost for good: the stream stands
    /// still until the segment has been sent again.
    package var loss = 0.0
    /// How long a connection lives on average before it breaks; nil for ever.
    package var meanLifetime: Interval?

    /// A link of such rates, in bytes a second.
    package init(up: Double, down: Double) {
        self.up = up
        self.down = down
    }
}
