// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import SwarmModel
import TrackerWire

/// One client's connection, keep-alive and pipelined. Requests are answered in order as they are parsed; answers that
/// belong to one wake-up leave in one flush. While the catalogue thinks, later requests wait here and nothing more is
/// read; a client that does not take its answers is not read from either, so neither can fill memory.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    /// What is remembered of a request until its end.
    struct Pending {
        let head: HTTPRequestHead
        var body: [UInt8] = []
        /// Set when the body is not wanted: the answer is decided.
        var early: HTTPReply?
    }

    /// How many idle periods a client gets that is slow in taking its answer.
    private static let writePatience = 10

    let router: Router
    let address: IPAddress
    /// Set for a connection that comes from a proxy of ours.
    private let trust: ProxyTrust?
    private let idleTimeout: TimeAmount
    private var request: Pending?
    private var queue = CircularBuffer<HTTPServerRequestPart>()
    private var awaitsAnswer = false
    private var isClosing = false
    private var isLastInput = false
    private var pausesReading = false
    private var lastProgress = NIODeadline.now()
    private var slowPeriods = 0
    private var context: ChannelHandlerContext?

    init(router: Router, address: IPAddress, trust: ProxyTrust?, idleTimeout: Interval) {
        self.router = router
        self.address = address
        self.trust = trust
        self.idleTimeout = .nanoseconds(idleTimeout.nanoseconds)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.lastProgress = .now()
        self.context = context
        self.router.idle.add(self, timeout: self.idleTimeout)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.router.idle.remove(self)
        self.context = nil
        self.dropBody()
        self.queue.removeAll()
        self.isClosing = true
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = self.unwrapInboundIn(data)
        if self.awaitsAnswer {
            self.queue.append(part)
        } else {
            self.take(part, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        self.adjustReading(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.adjustReading(context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            self.isLastInput = true
            if !self.awaitsAnswer { self.closeAfterWrites(context) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, !self.isClosing, !self.awaitsAnswer else {
            context.close(promise: nil)
            return
        }
        self.router.counters.badRequests.count()
        let isTooLarge = (error as? HTTPParserError) == .headerOverflow
        let reply = HTTPReply(
            isTooLarge ? .headersTooLarge : .badRequest, .text,
            isTooLarge ? "the request's headers are too large\n" : "this is not an HTTP request\n")
        self.send(reply, head: nil, context)
        context.flush()
    }
}

// Requests.
extension HTTPConnection {
    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        guard !self.isClosing else { return }
        switch part {
        case .head(let head): self.begin(head, context)
        case .body(let chunk): self.receive(chunk)
        case .end: self.finish(context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var pending = Pending(head: head)
        pending.early = self.router.refusalBeforeBody(head)
        self.request = pending
        guard head.method != .GET, head.headers.contains(name: "expect") else { return }
        if let early = pending.early {
            self.send(early, head: head, context, closes: true)
        } else {
            var buffer = context.channel.allocator.buffer(capacity: 32)
            buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil)
        }
    }

    private func receive(_ chunk: ByteBuffer) {
        guard let request = self.request, request.early == nil, request.head.method == .POST else { return }
        self.lastProgress = .now()
        let count = request.body.count + chunk.readableBytes
        if let refusal = self.router.admit(chunk: chunk.readableBytes, bodyCount: count, of: request.head) {
            self.dropBody()
            self.request?.early = refusal
        } else {
            self.request?.body.append(contentsOf: chunk.readableBytesView)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let request = self.request else { return }
        self.lastProgress = .now()
        if let early = request.early {
            self.send(early, head: request.head, context)
            return
        }
        let answer = self.router.answer(
            request.head, body: request.body, from: self.client(request.head), at: self.lastProgress)
        switch answer {
        case .reply(let reply): self.send(reply, head: request.head, context)
        case .catalogue(let question): self.ask(question, request, context)
        }
    }

    private func ask(_ question: CatalogueQuestion, _ request: Pending, _ context: ChannelHandlerContext) {
        self.awaitsAnswer = true
        let head = request.head
        // The body goes to the catalogue; its share of the receiving budget is kept until the answer.
        self.request?.body = []
        let bodyCount = request.body.count
        let isNeighbour = self.address.isLoopback
        self.router.ask(question, body: request.body, isLoopback: isNeighbour, on: context.eventLoop)
            .assumeIsolated().whenComplete { result in
                self.router.release(bodyCount)
                self.awaitsAnswer = false
                guard context.channel.isActive else { return }
                switch result {
                case .success(let reply): self.send(reply, head: head, context)
                case .failure: self.send(.error(.internalError, "the catalogue failed"), head: head, context)
                }
                self.drain(context)
                context.flush()
                self.adjustReading(context)
                if self.isLastInput, !self.awaitsAnswer { self.closeAfterWrites(context) }
            }
    }

    private func drain(_ context: ChannelHandlerContext) {
        while !self.awaitsAnswer, !self.queue.isEmpty { self.take(self.queue.removeFirst(), context) }
    }

    /// The client has said all it wants to: what is written still goes out.
    private func closeAfterWrites(_ context: ChannelHandlerContext) {
        self.isClosing = true
        let channel = context.channel
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    private func dropBody() {
        guard let body = self.request?.body, !body.isEmpty else { return }
        self.router.release(body.count)
        self.request?.body = []
    }

    /// Writes an answer; with it the connection ends unless the request keeps it alive.
    private func send(
        _ reply: HTTPReply, head: HTTPRequestHead?, _ context: ChannelHandlerContext, closes: Bool = false
    ) {
        self.dropBody()
        self.request = nil
        let keepsAlive = !closes && (head?.isKeepAlive ?? false)
        var buffer = context.channel.allocator.buffer(capacity: 192 + reply.body.count)
        reply.write(
            to: &buffer, keepsAlive: keepsAlive, isHTTP10: head?.version == .http1_0, omitsBody: head?.method == .HEAD)
        self.finish(buffer, keepsAlive: keepsAlive, context)
    }
}

// Requests that need no parser, and who asks.
extension HTTPConnection {
    /// The answer to a request that was read by `FastRequest`; nil where it is to go the full way.
    func fastReply(_ bytes: Span<UInt8>, _ request: FastRequest) -> HTTPReply? {
        guard !self.isClosing, !self.awaitsAnswer, self.request == nil else { return nil }
        self.lastProgress = .now()
        var client = self.address
        if let trust = self.trust, let value = request.forwardedFor {
            let text = String(decoding: value.map { bytes[$0] }, as: UTF8.self)
            client = trust.client(of: client, forwardedFor: text)
        }
        let target = bytes.extracting(request.target)
        return self.router.answer(target, TrackerTarget(target), from: client, at: self.lastProgress)
    }

    /// Writes the answer to it; false when the connection ends with it. `isLast` says that nothing came after the request.
    func sendFast(
        _ reply: HTTPReply, to request: FastRequest, isLast: Bool, _ context: ChannelHandlerContext
    ) -> Bool {
        var buffer = context.channel.allocator.buffer(capacity: 192 + reply.body.count)
        reply.write(to: &buffer, keepsAlive: request.keepsAlive, isHTTP10: request.isHTTP10, omitsBody: false)
        self.finish(buffer, keepsAlive: request.keepsAlive, closesWhole: isLast, context)
        return request.keepsAlive
    }

    private func client(_ head: HTTPRequestHead) -> IPAddress {
        guard let trust = self.trust else { return self.address }
        // A proxy may add a line of its own instead of going on in the one that is there.
        return trust.client(
            of: self.address, forwardedFor: head.headers["x-forwarded-for"].joined(separator: ","))
    }

    /// `closesWhole` for a client that has sent nothing beyond its request: what the system has not read when a connection
    /// is closed would make it throw the answer away.
    private func finish(
        _ buffer: ByteBuffer, keepsAlive: Bool, closesWhole: Bool = false, _ context: ChannelHandlerContext
    ) {
        guard !keepsAlive else {
            context.write(self.wrapOutboundOut(buffer), promise: nil)
            return
        }
        self.isClosing = true
        let channel = context.channel
        context.writeAndFlush(self.wrapOutboundOut(buffer)).whenComplete { _ in
            channel.close(mode: closesWhole ? .all : .output, promise: nil)
        }
        // The client closes when it has read the answer; whoever does not is closed by the idle timer.
    }
}

// Limits.
extension HTTPConnection {
    private func adjustReading(_ context: ChannelHandlerContext) {
        let pauses = self.awaitsAnswer || !context.channel.isWritable
        guard pauses != self.pausesReading else { return }
        self.pausesReading = pauses
        try? context.channel.syncOptions?.setOption(.autoRead, value: !pauses)
        if !pauses { context.read() }
    }

    /// Closes a connection that has brought nothing for too long.
    func checkIdle(at now: NIODeadline) {
        guard let context = self.context, context.channel.isActive, !self.awaitsAnswer,
            now - self.lastProgress >= self.idleTimeout
        else { return }
        if !context.channel.isWritable, self.slowPeriods < Self.writePatience {
            self.slowPeriods += 1
            self.lastProgress = now
        } else {
            context.close(promise: nil)
        }
    }
}
