// SPDX-License-Identifier: Apache-2.0

/// What a method goes on to send after its answer. The connection asks for more only when its client has taken what went
/// before, so a stream keeps nothing for a client that is slow.
package protocol ControlStream: Sendable {
    /// The next lines, their ends included; waits until there are some. Nil when the stream is over, and at once after
    /// `cancel` or when the task is cancelled.
    func next() async -> [UInt8]?
    /// The client has gone: whoever waits in `next` is let go.
    func cancel()
}
