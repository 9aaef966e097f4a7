// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SwarmModel

/// Datagrams of connections of one loop, on their way there.
///
/// Unchecked because of the connections, which only that loop touches.
struct DatagramRuns: @unchecked Sendable {
    private let runs: [(stream: DatagramStream, buffer: ByteBuffer, segment: Int)]

    init(_ runs: [(stream: DatagramStream, buffer: ByteBuffer, segment: Int)]) {
        self.runs = runs
    }

    /// Gives them to their connections. `now` is when they were received.
    func deliver(at now: Instant) {
        var touched: [DatagramStream] = []
        for run in self.runs {
            if !run.stream.isTouched {
                run.stream.isTouched = true
                touched.append(run.stream)
            }
            run.stream.receive(run.buffer, segment: run.segment, at: now)
        }
        for stream in touched {
            stream.isTouched = false
            stream.finishRun(at: MonotonicClock.now())
        }
    }
}
