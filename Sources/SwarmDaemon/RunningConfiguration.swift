// SPDX-License-Identifier: Apache-2.0

import SwarmConfig
import Synchronization

/// The configuration in effect: read by whoever needs a value at that moment, replaced by the `ConfigurationKeeper`
/// alone.
final class RunningConfiguration: Sendable {
    private let value: Mutex<DaemonConfiguration>

    init(_ configuration: DaemonConfiguration) {
        self.value = Mutex(configuration)
    }

    /// All values of this moment; those read from one copy belong together.
    var current: DaemonConfiguration {
        get { self.value.withLock { $0 } }
        set { self.value.withLock { $0 = newValue } }
    }
}
