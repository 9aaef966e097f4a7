// SPDX-License-Identifier: Apache-2.0

import ControlServer
import SwarmConfig

extension AccessPolicy {
    /// What the operator wrote, with the group looked up.
    init(_ settings: DaemonSettings) {
        self.init(groupName: settings.controlGroup, othersMayRead: settings.allowRead == .everyone)
    }
}
