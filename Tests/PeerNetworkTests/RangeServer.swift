// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

/// A web server on loopback that serves ranges of files, and does with them what a test wants.
final class RangeServer: Sendable {
    struct Request: Sendable {
        /// Counts from 0.
        let number: Int
        let path: String
        /// Bytes of the file; nil where no range was asked for.
        let range: Range<Int>?
    }

    enum Reply: Sendable {
        /// The range, as it is or altered.
        case range(@Sendable ([UInt8]) -> [UInt8] = { $0 })
        /// The whole file.
        case whole
        case status(HTTPResponseStatus, HTTPHeaders = [:])
        /// Half of what was asked for, and then the end of the connection.
        case half
        /// No answer at all.
        case silence
    }

    private let box = NIOLockedValueBox<[Request]>([])
    private let counts = NIOLockedValueBox<(bytes: Int, connections: Int)>((0, 0))
    private let channel: any Channel

    var requests: [Request] { self.box.withLockedValue { $0 } }
    /// Bytes of files that were sent.
    var sentBytes: Int { self.counts.withLockedValue { $0.bytes } }
    var connections: Int { self.counts.withLockedValue { $0.connections } }
    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(self.channel.localAddress?.port ?? 0)\(path)" }

    /// Serves `files` by their paths.
    init(
        _ files: [String: [UInt8]], group: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup,
        _ decide: @escaping @Sendable (Request) -> Reply = { _ in .range() }
    ) async throws {
        let (box, counts) = (self.box, self.counts)
        self.channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                counts.withLockedValue { $0.connections += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(files, box, counts, decide))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
    }

    func close() async throws { try await self.channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let files: [String: [UInt8]]
        private let box: NIOLockedValueBox<[Request]>
        private let counts: NIOLockedValueBox<(bytes: Int, connections: Int)>
        private let decide: @Sendable (Request) -> Reply

        init(
            _ files: [String: [UInt8]], _ box: NIOLockedValueBox<[Request]>,
            _ counts: NIOLockedValueBox<(bytes: Int, connections: Int)>,
            _ decide: @escaping @Sendable (Request) -> Reply
        ) {
            self.files = files
            self.box = box
            self.counts = counts
            self.decide = decide
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(let head) = self.unwrapInboundIn(data) else { return }
            let ends = (head.headers.first(name: "range") ?? "").dropFirst("bytes=".count).split(separator: "-")
                .compactMap { Int($0) }
            let range = ends.count == 2 && ends[0] <= ends[1] ? ends[0]..<ends[1] + 1 : nil
            let request = self.box.withLockedValue { requests in
                let request = Request(number: requests.count, path: head.uri, range: range)
                requests.append(request)
                return request
            }
            guard let file = self.files[head.uri] else { return self.write(.notFound, [:], [], context) }
            let part = range.map { Array(file[$0.clamped(to: 0..<file.count)]) } ?? file
            let headers: HTTPHeaders =
                range.map { ["content-range": "bytes \($0.lowerBound)-\($0.upperBound - 1)/\(file.count)"] } ?? [:]
            switch self.decide(request) {
            case .silence: break
            case .status(let status, let headers): self.write(status, headers, [], context)
            case .whole: self.write(.ok, [:], file, context)
            case .range(let alter):
                self.write(range == nil ? .ok : .partialContent, headers, alter(part), context)
            case .half:
                self.write(.partialContent, headers, Array(part.prefix(part.count / 2)), of: part.count, context)
                context.close(promise: nil)
            }
        }

        private func write(
            _ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ bytes: [UInt8], of length: Int? = nil,
            _ context: ChannelHandlerContext
        ) {
            self.counts.withLockedValue { $0.bytes += bytes.count }
            var headers = headers
            headers.replaceOrAdd(name: "content-length", value: String(length ?? bytes.count))
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            context.write(self.wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            if length == nil { context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil) }
        }
    }
}
