// SPDX-License-Identifier: Apache-2.0

/// Who may read over the control socket, besides root and the control group, who may also change things.
package enum ReadAccess: String, Hashable, Sendable, CaseIterable {
    case group
    case everyone
}

extension ReadAccess: SettingChoice {}
