// SPDX-License-Identifier: Apache-2.0

/// Tells which daemon this is and which protocol it speaks.
package enum DaemonVersion: ControlMethod {
    /// The name on the wire.
    package static let name = "daemon.version"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = NoFields

    /// What comes out.
    package struct Result: ControlObject {
        /// The daemon's version.
        package var version: String
        /// The version of this protocol: grows when something is added, see `ControlProtocol.version`.
        package var protocolVersion: Int

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case version
            case protocolVersion = "protocol"
        }

        /// Takes the fields as they are.
        package init(version: String, protocolVersion: Int) {
            self.version = version
            self.protocolVersion = protocolVersion
        }
    }
}
