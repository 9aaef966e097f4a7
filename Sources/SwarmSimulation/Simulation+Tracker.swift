// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

extension Simulation {
    /// What a tracker would answer: up to `wanted` nodes that are there, in random order.
    func announce(_ node: Int, wanted: Int) -> [Int] {
        let isComplete = self.nodes[node].swarm.isComplete
        var present = self.nodes.indices.filter {
            $0 != node && self.nodes[$0].isPresent && !(isComplete && self.nodes[$0].swarm.isComplete)
        }
        let count = min(wanted, present.count)
        for index in 0..<count {
            present.swapAt(index, index + Int(self.random.next(below: UInt64(present.count - index))))
        }
        return Array(present.prefix(count))
    }
}
