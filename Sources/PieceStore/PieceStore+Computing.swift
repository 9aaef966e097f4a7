// SPDX-License-Identifier: Apache-2.0

package import NIOCore

extension PieceStore {
    /// Runs work that only computes on one of the store's threads, after what the disk's answers wait for, and carries its
    /// result to `loop`. For work of a few milliseconds.
    package func compute<Value: Sendable>(
        on loop: any EventLoop, _ work: @escaping @Sendable () -> Value, then: @escaping @Sendable (Value) -> Void
    ) {
        let completions = self.completions(on: loop)
        self.queue.submit(.bulk) {
            let value = work()
            completions.deliver { then(value) }
        }
    }
}
