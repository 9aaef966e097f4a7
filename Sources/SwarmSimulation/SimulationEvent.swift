// SPDX-License-Identifier: Apache-2.0

/// Something that happens at an instant of the virtual clock. Numbers are those of nodes, links and pipes in `Simulation`.
enum SimulationEvent: Hashable, Sendable, BitwiseCopyable {
    /// A node begins to take part.
    case join(node: Int32)
    /// A node goes away.
    case leave(node: Int32)
    /// A dial reaches the node that is called.
    case connect(link: Int32)
    /// A connection breaks without a word.
    case reset(link: Int32)
    /// A node's uplink has sent a segment.
    case sent(node: Int32)
    /// The next segment of a pipe is at its receiver's downlink.
    case arrived(pipe: Int32)
    /// A node's downlink has taken a segment in.
    case taken(node: Int32)
    /// A second has passed for a node.
    case tick(node: Int32)
    /// A node looks whom it may ask for what became free.
    case round(node: Int32)
    /// A node's disk has done its oldest job.
    case diskDone(node: Int32)
    /// An action of the test or benchmark.
    case action(Int32)
}
