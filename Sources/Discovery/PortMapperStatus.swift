// SPDX-License-Identifier: Apache-2.0

/// How it stands with the ports that a router is asked for.
package enum PortMapperStatus: Hashable, Sendable {
    /// Nobody has answered yet.
    case searching
    /// There is no router that forwards ports, or it does not let us.
    case unmapped
    /// A router forwards these; `method` is the protocol's name for people.
    case mapped([PortMapping], method: String)
}
