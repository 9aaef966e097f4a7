// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import NIOCore

/// One client: reads lines, works on a bounded number of requests at once, writes each answer when it is there.
struct ControlConnection: Sendable {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    let caller: Caller

    /// Serves until the client closes its side and has its answers, or breaks off.
    func serve(_ responder: ControlResponder, _ configuration: ControlServerConfiguration, _ logger: Logger) async {
        do {
            try await self.channel.executeThenClose { inbound, outbound in
                try await self.converse(inbound, outbound, responder, configuration)
            }
        } catch is CancellationError {
            logger.debug("control connection ends with the server")
        } catch {
            logger.debug("control connection broke", metadata: ["error.message": "\(error)"])
        }
    }

    /// Tells the client that there is no room for it, and closes.
    func turnAway() async {
        let error = ControlReply(id: .null, .busy, "too many connections to the control socket; try again")
        try? await self.channel.executeThenClose { _, outbound in
            try await outbound.write(ByteBuffer(bytes: error.text + Array("\n".utf8)))
        }
    }

    private func converse(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ responder: ControlResponder, _ configuration: ControlServerConfiguration
    ) async throws {
        let limit = self.caller.mayChange ? configuration.maximumLine : configuration.maximumReaderLine
        var framer = LineFramer(limit: limit)
        let slot = StreamSlot()
        // A client that has gone is noticed even when there is nothing to write to it.
        self.channel.channel.closeFuture.whenComplete { _ in slot.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for try await chunk in inbound {
                framer.receive(chunk.readableBytesView)
                while let output = framer.next() {
                    if running == configuration.maximumRequests {
                        try await group.next()
                        running -= 1
                    }
                    running += 1
                    group.addTask { try await self.answer(output, outbound, responder, limit, slot) }
                }
            }
            try await group.waitForAll()
        }
        // Closing throws away what has not gone out yet: a client that closed its side may read late. This one comes last.
        try await self.channel.channel.writeAndFlush(ByteBuffer()).get()
    }

    private func answer(
        _ output: LineFramer.Output, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ responder: ControlResponder, _ limit: Int, _ slot: StreamSlot
    ) async throws {
        switch output {
        case .line(let line):
            let answer = await responder.answer(to: line, from: self.caller, slot: slot)
            if let text = answer.text { try await outbound.write(ByteBuffer(bytes: text)) }
            if let stream = answer.stream { try await self.send(stream, outbound, slot) }
        case .oversized:
            let error = ControlReply(
                id: .null, .invalidRequest, "a line of more than \(limit) bytes; it was passed over")
            try await outbound.write(ByteBuffer(bytes: error.text + Array("\n".utf8)))
        }
    }

    /// Sends what a stream has, as fast as the client takes it.
    private func send(
        _ stream: any ControlStream, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ slot: StreamSlot
    ) async throws {
        guard slot.fill(stream) else { return }
        defer { slot.free() }
        while let lines = await stream.next() { try await outbound.write(ByteBuffer(bytes: lines)) }
    }
}
