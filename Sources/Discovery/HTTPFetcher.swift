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

    /// Addresses of a host that are tried for one exchange.
    private static let addressesTried = 4

    /// On whose loops it connects.
    let group: any EventLoopGroup
    /// The addresses of hosts, looked up once a minute.
    let book: AddressBook
    private let client: HTTPClient
    /// Clients for hosts that are spoken to by TLS.
    private let pinned: PinnedClients
    private let limits: Limits
    private let logger: Logger

    /// Connects on the loops of `group`.
    package convenience init(group: any EventLoopGroup, limits: Limits = Limits(), logger: Logger) {
        self.init(group: group, limits: limits, book: AddressBook(), logger: logger)
    }

    init(group: any EventLoopGroup, limits: Limits = Limits(), book: AddressBook, logger: Logger) {
        var configuration = HTTPClient.Configuration()
        // Followed here, because hosts are looked up here.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .nanoseconds(limits.connectTimeout.nanoseconds)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.connectionsPerHost
        configuration.connectionPool.idleTimeout = .nanoseconds(limits.idleTimeout.nanoseconds)
        // Schedules have their own waits; a refused connection is to be told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        self.group = group
        self.book = book
        self.limits = limits
        self.client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        self.pinned = PinnedClients(group: group, configuration: configuration)
        self.logger = logger
    }

    /// Closes all connections; exchanges under way end with an error.
    package func shutdown() async {
        do {
            try await self.client.shutdown()
            try await self.pinned.shutdown()
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

    /// Follows redirects, as far as is allowed and in no circle.
    private func attempt(_ exchange: HTTPExchange) async -> Result<HTTPAnswer, HTTPFetchError> {
        var exchange = exchange
        let deadline = NIODeadline.now() + .nanoseconds(exchange.timeout.nanoseconds)
        var seen: Set<String> = []
        while true {
            guard seen.insert(exchange.url).inserted, seen.count <= self.limits.redirects + 1 else {
                return .failure(.tooManyRedirects)
            }
            do throws(HTTPFetchError) {
                var answer = try await self.ask(exchange, deadline: deadline)
                answer.url = exchange.url
                guard let location = answer.location else { return .success(answer) }
                guard let next = TrackerURL(exchange.url)?.resolving(location) else {
                    return .failure(.badURL("redirected to what is no URL that can be fetched"))
                }
                exchange.url = next
                // What others are asked with another method for, browsers taught them (RFC 9110 §15.4).
                if [301, 302, 303].contains(answer.status) { exchange.body = nil }
            } catch {
                return .failure(error)
            }
        }
    }

    /// Asks at the addresses of the host one after another until one is reached.
    private func ask(_ exchange: HTTPExchange, deadline: NIODeadline) async throws(HTTPFetchError) -> HTTPAnswer {
        guard let url = TrackerURL(exchange.url), ["http", "https"].contains(url.scheme), !url.host.isEmpty else {
            return try await self.ask(exchange, at: exchange.url, host: nil, by: self.client, deadline: deadline)
        }
        let addresses: [IPAddress]
        do {
            addresses = try await self.book.addresses(of: url.host, on: self.group.any()).get()
        } catch {
            throw HTTPFetchError(lookingUp: url.host, error)
        }
        let source = exchange.source
        let fitting = addresses.filter { source == nil || source?.isV6 == $0.isV6 }
        guard !fitting.isEmpty else {
            throw .unreachable("\(url.hostAndPortText) cannot be reached from any address of ours")
        }
        var failure: HTTPFetchError?
        for address in fitting.prefix(Self.addressesTried) {
            do throws(HTTPFetchError) {
                return try await self.ask(exchange, url, at: address, deadline: deadline)
            } catch {
                guard case .unreachable = error else { throw error }
                failure = failure ?? error
            }
        }
        throw failure ?? .cancelled
    }

    /// Asks at one address. Whoever speaks TLS must know the name, for the server to choose its certificate by and for us to
    /// check it.
    private func ask(
        _ exchange: HTTPExchange, _ url: TrackerURL, at address: IPAddress, deadline: NIODeadline
    ) async throws(HTTPFetchError) -> HTTPAnswer {
        guard url.scheme == "https" else {
            return try await self.ask(
                exchange, at: url.url(at: address), host: url.hostAndPortText, by: self.client, deadline: deadline)
        }
        guard IPAddress(url.host) == nil else {
            return try await self.ask(exchange, at: exchange.url, host: nil, by: self.client, deadline: deadline)
        }
        let client = self.pinned.take(url.host, at: address)
        defer { self.pinned.giveBack(url.host, at: address) }
        return try await self.ask(exchange, at: exchange.url, host: nil, by: client, deadline: deadline)
    }

    private func ask(
        _ exchange: HTTPExchange, at place: String, host: String?, by client: HTTPClient, deadline: NIODeadline
    ) async throws(HTTPFetchError) -> HTTPAnswer {
        var request = HTTPClientRequest(url: place)
        if let host { request.headers.add(name: "host", value: host) }
        request.headers.add(name: "user-agent", value: "swarm")
        request.localAddress = exchange.source.map(\.description)
        if let body = exchange.body {
            request.method = .POST
            request.headers.add(name: "content-type", value: exchange.contentType ?? "application/octet-stream")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let response = try await client.execute(request, deadline: deadline)
            let isRedirect = [301, 302, 303, 307, 308].contains(response.status.code)
            let location = isRedirect ? response.headers.first(name: "location") : nil
            let body = location == nil ? try await response.body.collect(upTo: exchange.limit) : ByteBuffer()
            return HTTPAnswer(
                status: Int(response.status.code), body: Array(body.readableBytesView),
                retryAfter: Self.retryAfter(response), location: location)
        } catch {
            throw HTTPFetchError(error, of: exchange)
        }
    }

    private static func retryAfter(_ response: HTTPClientResponse) -> Interval? {
        guard let seconds = response.headers.first(name: "retry-after").flatMap({ Int64($0) }) else { return nil }
        return .seconds(min(max(seconds, 0), 86_400))
    }
}
