// SPDX-License-Identifier: Apache-2.0

/// How it stands with the ports that a router is asked to forward.
package enum PortMappingState: String, Codable, Sendable {
    /// No router has answered yet.
    case searching
    /// No router forwards them.
    case none
    /// A router does.
    case mapped
}
