// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix

/// A tiny HTTP server on loopback whose answers a test decides, and which remembers what it was asked.
final class TrackerStub: Sendable {
    struct Request: Sendable {
        let method: HTTPMethod
        let uri: String
        let headers: HTTPHeaders
        let body: [UInt8]

        /// The value of a query parameter as it stands.
        func parameter(_ name: String) -> String? {
            let query = self.uri.split(separator: "?", maxSplits: 1).last ?? ""
            return query.split(separator: "&").first { $0.hasPrefix(name + "=") }.map {
                String($0.dropFirst(name.count + 1))
            }
        }
    }

    enum Reply: Sendable {
        case body(HTTPResponseStatus, [UInt8], HTTPHeaders = [:])
        /// The head and these bytes, then nothing more.
        case stall([UInt8])
        /// Nothing at all.
        case silence
        /// The connection closes.
        case hangUp

        static func text(_ text: String) -> Reply { .body(.ok, Array(text.utf8)) }
    }

    private let requestBox = LockedBox<[Request]>([])
    private let countBox = LockedBox<(open: Int, most: Int)>((0, 0))
    private let waiterBox = LockedBox<[(count: Int, promise: EventLoopPromise<Void>)]>([])
    private let channel: any Channel
    private let decide: @Sendable (Request) -> Reply

    var requests: [Request] { self.requestBox.withLock { $0 } }
    /// The most connections that were open at a time.
    var mostConnections: Int { self.countBox.withLock { $0.most } }
    var port: Int { self.channel.localAddress?.port ?? 0 }
    func url(_ path: String = "/announce") -> String { "http://127.0.0.1:\(self.port)\(path)" }

    init(_ decide: @escaping @Sendable (Request) -> Reply) async throws {
        self.decide = decide
        let owner = LockedBox<TrackerStub?>(nil)
        let counts = self.countBox
        self.channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                counts.withLock { $0 = ($0.open + 1, max($0.most, $0.open + 1)) }
                channel.closeFuture.whenComplete { _ in counts.withLock { $0.open -= 1 } }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(owner))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        owner.withLock { $0 = self }
        self.channel.closeFuture.whenComplete { _ in owner.withLock { $0 = nil } }
    }

    func close() async throws { try await self.channel.close() }

    /// Waits until so many requests have come.
    func received(_ count: Int) async throws {
        let promise = self.channel.eventLoop.makePromise(of: Void.self)
        self.waiterBox.withLock { $0.append((count, promise)) }
        self.wakeWaiters()
        try await promise.futureResult.get()
    }

    fileprivate func answer(_ request: Request) -> Reply {
        self.requestBox.withLock { $0.append(request) }
        self.wakeWaiters()
        return self.decide(request)
    }

    private func wakeWaiters() {
        let count = self.requests.count
        let ready = self.waiterBox.withLock { waiters in
            let ready = waiters.filter { $0.count <= count }
            waiters.removeAll { $0.count <= count }
            return ready
        }
        for waiter in ready { waiter.promise.succeed() }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let owner: LockedBox<TrackerStub?>
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ owner: LockedBox<TrackerStub?>) { self.owner = owner }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch self.unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                self.body = []
            case .body(let buffer): self.body += Array(buffer.readableBytesView)
            case .end:
                guard let head = self.head, let stub = self.owner.withLock({ $0 }) else { return }
                let request = Request(method: head.method, uri: head.uri, headers: head.headers, body: self.body)
                self.write(stub.answer(request), context)
            }
        }

        private func write(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .silence: break
            case .hangUp: context.close(promise: nil)
            case .stall(let bytes):
                let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "999999"])
                context.write(self.wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            case .body(let status, let bytes, var headers):
                headers.replaceOrAdd(name: "content-length", value: String(bytes.count))
                let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
                context.write(self.wrapOutboundOut(.head(head)), promise: nil)
                context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
                context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
