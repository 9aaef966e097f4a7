// SPDX-License-Identifier: Apache-2.0

import ControlWire
package import NIOCore

/// How a control socket is set up.
package struct ControlServerConfiguration: Sendable {
    /// Where the socket comes from.
    package enum Socket: Sendable {
        /// A path at which it is made.
        case path(String)
        /// A socket that listens already, such as one handed over by systemd; it becomes the server's.
        case descriptor(Int32)
    }

    /// Where the socket comes from.
    package var socket: Socket
    /// Who may do what.
    package var access: AccessRules
    /// The most connections at once; more are told `busy` and closed.
    package var maximumConnections = 256
    /// The most requests of one connection that are worked on at once; reading waits for them.
    package var maximumRequests = 16
    /// The longest line, in bytes without its end, from a caller who may change things.
    package var maximumLine = ControlProtocol.maximumLine
    /// The longest line from a caller who may only look.
    package var maximumReaderLine = ControlProtocol.maximumReaderLine
    /// How long a client may leave its answers unread, without taking a byte, before it is cut off.
    package var stallLimit: TimeAmount = .seconds(30)

    /// A server with the usual limits, under rules that may change while it runs.
    package init(socket: Socket, access: AccessRules) {
        self.socket = socket
        self.access = access
    }

    /// A server with the usual limits, under one policy.
    package init(socket: Socket, policy: AccessPolicy) {
        self.init(socket: socket, access: AccessRules(policy))
    }
}
