// SPDX-License-Identifier: Apache-2.0

import ControlWire
import NIOCore
import NIOPosix

/// A client that sends what it is told and collects lines.
enum TestClient {
    /// Sends `chunks` one by one, closes the sending side if told so, and reads until there are `count` lines or the
    /// server closes.
    static func exchange(
        _ path: String, _ chunks: [[UInt8]], lines count: Int = .max, closing: Bool = true
    ) async throws -> [String] {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            for chunk in chunks { try await outbound.write(ByteBuffer(bytes: chunk)) }
            if closing { outbound.finish() }
            var framer = LineFramer(limit: .max)
            var lines: [String] = []
            for try await chunk in inbound {
                framer.receive(chunk.readableBytesView)
                while case .line(let line) = framer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
                if lines.count >= count { break }
            }
            return lines
        }
    }

    static func exchange(
        _ path: String, _ text: String, lines count: Int = .max, closing: Bool = true
    ) async throws -> [String] {
        try await self.exchange(path, [Array(text.utf8)], lines: count, closing: closing)
    }
}
