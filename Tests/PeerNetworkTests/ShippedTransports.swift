// SPDX-License-Identifier: Apache-2.0

import Logging
import PeerTransport
import StrategyHost

/// The transports over TCP that ship, found beside the test bundle.
enum ShippedTransports {
    /// Plain first; fewer when they were not built.
    static let all: [Transport] = ["tcp", "mse"].compactMap { name in
        let host = StrategyHost(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try? host.makeTransport(named: name)
    }
}
