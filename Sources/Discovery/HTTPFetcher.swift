// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
package import SwarmModel

/// The room's one HTTP client, with its limits. Must be shut down before it is released.
package final class HTTPFetcher: Sendable {
    /// What is allowed at most.
    package struct Limits: Hashable, Sendable {
        /// To connect, TLS included.
        package var connectTimeout = Interval.seconds(10)
        /// Redirects that are followed.
        package var redirects = 5
        /// Connections to one host at a time.
        package var connectionsPerHost = 8
        /// How long an unused connection is kept.
        package var idleTimeout = Interval.seconds(30)

        /// The defaults.
        package init() {}
    }

    /// On whose loops it connects.
    let group: any EventLoopGroup
    private let client: HTTPClient
    private let logger: Logger

    /// Connects on the loops of `group`.
    package init(group: any EventLoopGroup, limits: Limits = Limits(), logger: Logger) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .follow(max: limits.redirects, allowCycles: false)
        configuration.timeout.connect = .nanoseconds(limits.connectTimeout.nanoseconds)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.connectionsPerHost
        configuration.connectionPool.idleTimeout = .nanoseconds(limits.idleTimeout.nanoseconds)
        // Schedules have their own waits; a refused connection is to be told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        self.group = group
        self.client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        self.logger = logger
    }

    /// Closes all connections; exchanges under way end with an error.
    package func shutdown() async {
        do {
            try await self.client.shutdown()
        } catch {
            self.logger.debug("HTTP connections did not close in order", metadata: ["error.message": "\(error)"])
        }
    }

    /// Performs one exchange. Any status is an answer.
    func fetch(_ exchange: HTTPExchange) async throws(HTTPFetchError) -> HTTPAnswer {
        let result = await withTaskGroup(of: Result<HTTPAnswer, HTTPFetchError>.self) { group in
            group.addTask { await self.attempt(exchange) }
            group.addTask {
                do {
                    try await Task.sleep(for: .nanoseconds(exchange.timeout.nanoseconds))
                    return .failure(.timedOut(exchange.timeout.inSeconds))
                } catch {
                    return .failure(.cancelled)
                }
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(.cancelled)
        }
        return try result.get()
    }

    private func attempt(_ exchange: HTTPExchange) async -> Result<HTTPAnswer, HTTPFetchError> {
        var request = HTTPClientRequest(url: exchange.url)
        request.headers.add(name: "user-agent", value: "swarm")
        request.localAddress = exchange.source.map(\.description)
        if let body = exchange.body {
            request.method = .POST
            request.headers.add(name: "content-type", value: exchange.contentType ?? "application/octet-stream")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let deadline = NIODeadline.now() + .nanoseconds(exchange.timeout.nanoseconds)
            let response = try await self.client.execute(request, deadline: deadline)
            let body = try await response.body.collect(upTo: exchange.limit)
            return .success(
                HTTPAnswer(
                    status: Int(response.status.code), body: Array(body.readableBytesView),
                    retryAfter: Self.retryAfter(response)))
        } catch {
            return .failure(HTTPFetchError(error, of: exchange))
        }
    }

    private static func retryAfter(_ response: HTTPClientResponse) -> Interval? {
        guard let seconds = response.headers.first(name: "retry-after").flatMap({ Int64($0) }) else { return nil }
        return .seconds(min(max(seconds, 0), 86_400))
    }
}
