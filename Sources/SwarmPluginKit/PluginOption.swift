// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// An option that operators may set for a plugin. The host hands over its value by position, checked.
public struct PluginOption {
    let key: StaticString
    let type: swarm_option_type
    let defaultValue: StaticString
    let help: StaticString
    let minimum: Int64
    let maximum: Int64

    /// A whole number from `minimum` to `maximum`, which is `defaultValue` (in decimal) unless set.
    public static func integer(
        _ key: StaticString, default defaultValue: StaticString, minimum: Int64, maximum: Int64, help: StaticString
    ) -> PluginOption {
        PluginOption(
            key: key, type: swarm_option_type(SWARM_OPTION_INTEGER), defaultValue: defaultValue, help: help,
            minimum: minimum, maximum: maximum)
    }

    /// A switch, which is `defaultValue` (`true` or `false`) unless set.
    public static func boolean(
        _ key: StaticString, default defaultValue: StaticString, help: StaticString
    ) -> PluginOption {
        PluginOption(
            key: key, type: swarm_option_type(SWARM_OPTION_BOOLEAN), defaultValue: defaultValue, help: help,
            minimum: 0, maximum: 0)
    }
}
