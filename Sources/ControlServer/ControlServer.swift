// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
package import Logging
package import NIOCore
import NIOPosix
import Synchronization

/// Serves the control protocol on a Unix socket. `bind` makes the socket, so that a second daemon fails at once;
/// `run` answers until its task is cancelled.
package struct ControlServer: Sendable {
    private let configuration: ControlServerConfiguration
    private let responder: ControlResponder
    private let logger: Logger
    private let listener: NIOAsyncChannel<ControlConnection?, Never>
    private let made: UnixSocket.FileIdentity?

    /// Makes the socket, or takes over the one that is handed in, and starts to accept connections on `group`; they
    /// are answered once `run` is called. Throws `ControlServerError` when another daemon answers there or the socket
    /// cannot be made.
    package static func bind(
        _ configuration: ControlServerConfiguration, router: ControlRouter, group: any EventLoopGroup, logger: Logger
    ) async throws -> ControlServer {
        let access = configuration.access
        var made: UnixSocket.FileIdentity?
        let descriptor: Int32
        switch configuration.socket {
        case .descriptor(let given): descriptor = given
        case .path(let path):
            let policy = access.policy
            (descriptor, made) = try UnixSocket.listen(at: path, mode: policy.socketMode, group: policy.groupNumber)
            access.rule(over: path, made: made)
        }
        let stallLimit = configuration.stallLimit
        let listener = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(descriptor) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.accept(channel, access, stallLimit)
                }
            }
        return ControlServer(
            configuration: configuration, responder: ControlResponder(router: router, access: access),
            logger: logger, listener: listener, made: made)
    }

    /// Answers clients until the task is cancelled; then cuts them off, and removes the socket if it was made here.
    /// `whenServing` is called once, when clients are answered from then on.
    package func run(whenServing: @Sendable () -> Void = {}) async throws {
        defer {
            if case .path(let path) = self.configuration.socket { UnixSocket.remove(path, made: self.made) }
        }
        let open = OpenConnections()
        try await self.listener.executeThenClose { inbound in
            whenServing()
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in inbound {
                    guard let connection else { continue }
                    group.addTask { await self.serve(connection, open) }
                }
            }
        }
    }

    private func serve(_ connection: ControlConnection, _ open: OpenConnections) async {
        let count = open.count.add(1, ordering: .relaxed).newValue
        defer { open.count.subtract(1, ordering: .relaxed) }
        guard count <= self.configuration.maximumConnections else { return await connection.turnAway() }
        await connection.serve(self.responder, self.configuration, self.logger)
    }

    private static func accept(
        _ channel: any Channel, _ access: AccessRules, _ stallLimit: TimeAmount
    ) throws -> ControlConnection? {
        let operations = channel.pipeline.syncOperations
        let peer = try operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
            PeerIdentity(descriptor: descriptor)
        }
        guard let peer, let peer else {
            channel.close(promise: nil)
            return nil
        }
        try operations.addHandler(SlowReaderGuard(limit: stallLimit))
        return ControlConnection(
            channel: try NIOAsyncChannel(wrappingChannelSynchronously: channel), caller: access.policy.caller(peer))
    }
}

/// How many connections are open.
private final class OpenConnections: Sendable {
    let count = Atomic<Int>(0)
}
