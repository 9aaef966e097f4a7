// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Hands out piece buffers within a byte budget and keeps a few returned ones for the next piece.
final class PieceBufferPool: Sendable {
    /// Bytes of returned buffers kept while work goes on (one buffer is kept whatever its size); the rest goes back to
    /// the system at once.
    static let reserve = 16 << 20

    private struct State {
        var inUse = 0
        var outstanding = 0
        /// Returned buffers, the last one first to go out again: its pages are warm.
        var spare: [PageMemory] = []
        var spareBytes = 0
    }

    private let budget: Int
    private let whenAllAreBack: @Sendable () -> Void
    private let state = Mutex(State())

    /// `budget` is in bytes; two buffers may be out whatever their size. `whenAllAreBack` is called when the last
    /// buffer that was out has come back.
    init(budget: Int, whenAllAreBack: @escaping @Sendable () -> Void = {}) {
        self.budget = budget
        self.whenAllAreBack = whenAllAreBack
    }

    deinit {
        self.trim()
    }

    /// Bytes in buffers that are out.
    var bytesInUse: Int { self.state.withLock { $0.inUse } }

    /// Bytes held in reserve.
    var bytesSpare: Int { self.state.withLock { $0.spareBytes } }

    /// A buffer of `length` bytes, or nil when the budget is spent (or the system has no memory). For the `isFirst` of a
    /// torrent the budget counts twice.
    func take(length: Int, isFirst: Bool = false) -> PieceBuffer? {
        let budget = isFirst ? 2 * self.budget : self.budget
        let memory = self.state.withLock { state -> PageMemory? in
            guard state.outstanding < 2 || state.inUse + length <= budget else { return nil }
            let fit = state.spare.lastIndex { $0.capacity >= length && $0.capacity <= length * 2 + PageMemory.pageSize }
            let memory: PageMemory
            if let fit {
                memory = state.spare.remove(at: fit)
                state.spareBytes -= memory.capacity
            } else {
                guard let fresh = PageMemory(length: length) else { return nil }
                memory = fresh
            }
            state.inUse += memory.capacity
            state.outstanding += 1
            return memory
        }
        return memory.map { PieceBuffer(length: length, memory: $0, pool: self) }
    }

    /// Takes memory back; called by a buffer's last breath, on any thread.
    func giveBack(_ memory: PageMemory) {
        let (surplus, isLast) = self.state.withLock { state -> ([PageMemory], Bool) in
            state.inUse -= memory.capacity
            state.outstanding -= 1
            state.spare.append(memory)
            state.spareBytes += memory.capacity
            var surplus: [PageMemory] = []
            while state.spareBytes > Self.reserve, state.spare.count > 1 {
                let oldest = state.spare.removeFirst()
                state.spareBytes -= oldest.capacity
                surplus.append(oldest)
            }
            return (surplus, state.outstanding == 0)
        }
        for memory in surplus { memory.free() }
        if isLast { self.whenAllAreBack() }
    }

    /// Gives the reserve back to the system: for when nothing is going on.
    func trim() {
        let surplus = self.state.withLock { state -> [PageMemory] in
            state.spareBytes = 0
            defer { state.spare = [] }
            return state.spare
        }
        for memory in surplus { memory.free() }
    }
}
