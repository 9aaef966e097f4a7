// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Logging

extension Logger.Level {
    /// One of the plugin ABI's severities; what is none of them counts as an error.
    init(severity: UInt32) {
        switch severity {
        case SWARM_LOG_DEBUG: self = .debug
        case SWARM_LOG_INFO: self = .info
        case SWARM_LOG_WARNING: self = .warning
        default: self = .error
        }
    }
}
