// SPDX-License-Identifier: Apache-2.0

/// A connection from dial to end. Its pipes are numbered twice its own number, from the node that dialled, and one more,
/// back to it.
struct SimulatedLink {
    let dialler: Int
    let called: Int
    /// The ends at the node that dialled and at the one that was called; nil while the dial is under way.
    var ends: (dialler: SimulatedConnection, called: SimulatedConnection)?
}
