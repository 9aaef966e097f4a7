// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
package import Logging
package import NIOCore
import NIOPosix
import SwarmModel

/// Fetches parts of files from web servers, over connections that are kept. Must be shut down before it is released.
package final class RangeFetcher: Sendable {
    /// Redirects that are followed for one request.
    static let maximumRedirects = 5

    let policy: WebAddressPolicy
    let book: AddressBook
    let client: HTTPClient
    private let logger: Logger

    /// Connects on the loops of `group`. It shares what is known of hosts with `fetcher`.
    package init(
        group: any EventLoopGroup, sharing fetcher: HTTPFetcher, policy: WebAddressPolicy = WebAddressPolicy(),
        logger: Logger
    ) {
        var configuration = HTTPClient.Configuration()
        // Followed here, because each place that they lead to is looked at.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 8
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.connectionPool.retryConnectionEstablishment = false
        self.client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        self.book = fetcher.book
        self.policy = policy
        self.logger = logger
    }

    /// Closes all connections; what is under way ends with a fault.
    package func shutdown() async {
        do {
            try await self.client.shutdown()
        } catch {
            self.logger.debug(
                "connections to web seeds did not close in order", metadata: ["error.message": "\(error)"])
        }
    }

    /// Begins to fetch; must be called on `loop`, where everything else happens too. `onBytes` gets what was asked for, in
    /// order and never more; `onEnd`, called once and never before this returns, whether all of it came. After `cancel` of what
    /// this returns neither is called.
    package func fetch(
        _ request: RangeRequest, on loop: any EventLoop, onBytes: @escaping (ByteBuffer) -> Void,
        onEnd: @escaping (RangeFault?) -> Void
    ) -> RangeTask {
        let task = RangeTask(request, fetcher: self, loop: loop, onBytes: onBytes, onEnd: onEnd)
        loop.assumeIsolated().execute { task.begin() }
        return task
    }
}
