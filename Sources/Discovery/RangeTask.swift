// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SwarmModel

/// One request for a range, redirects included. Confined to the loop that it was begun on.
package final class RangeTask: Sendable {
    struct State {
        var url: String
        /// Redirects that were followed.
        var redirects = 0
        /// Grows with each step, so that what comes of an earlier one does not count.
        var hop = 0
        /// The last one was answered by a server on the internet.
        var comesFromInternet = false
        /// Bytes to come before those that are wanted, and of those.
        var skip: UInt64 = 0
        var left: UInt64
        /// Whether nothing comes after them.
        var isExact = true
        var transfer: HTTPClient.Task<Void>?
        var isOver = false
        var onBytes: (ByteBuffer) -> Void
        var onEnd: (RangeFault?) -> Void
    }

    /// What a request that is over is ended with.
    private struct Over: Error {}

    private let request: RangeRequest
    private let fetcher: RangeFetcher
    let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>

    init(
        _ request: RangeRequest, fetcher: RangeFetcher, loop: any EventLoop, onBytes: @escaping (ByteBuffer) -> Void,
        onEnd: @escaping (RangeFault?) -> Void
    ) {
        self.request = request
        self.fetcher = fetcher
        self.loop = loop
        let length = request.range.upperBound - request.range.lowerBound
        self.state = NIOLoopBoundBox(
            State(url: request.url, left: length, onBytes: onBytes, onEnd: onEnd), eventLoop: loop)
    }

    /// Ends it; nobody hears of it any more. On its loop.
    package func cancel() {
        self.state.value.isOver = true
        self.state.value.onBytes = { _ in }
        self.state.value.onEnd = { _ in }
        let transfer = self.state.value.transfer
        self.state.value.transfer = nil
        transfer?.cancel()
    }

    /// Looks the server's address up and asks it.
    func begin() {
        guard !self.state.value.isOver else { return }
        guard let url = TrackerURL(self.state.value.url), ["http", "https"].contains(url.scheme), !url.host.isEmpty
        else { return self.finish(.badURL("not a URL that can be fetched")) }
        let hop = self.state.value.hop
        self.fetcher.book.addresses(of: url.host, on: self.loop).whenComplete { result in
            guard !self.state.value.isOver, self.state.value.hop == hop else { return }
            switch result {
            case .success(let addresses): self.ask(url, at: addresses)
            case .failure(let error): self.finish(.unreachable("\(error)"))
            }
        }
    }

    private func ask(_ url: TrackerURL, at addresses: [IPAddress]) {
        do throws(RangeFault) {
            let address = try self.fetcher.policy.choose(
                of: addresses, hasQuery: url.hasQuery, comesFromInternet: self.state.value.comesFromInternet,
                attempt: self.request.attempt)
            self.state.value.comesFromInternet = !address.isLocal
            // The address that was looked at is the one that is asked, whatever the name leads to a moment later. Over TLS the
            // certificate sees to that.
            let place = url.scheme == "http" ? url.url(at: address) : self.state.value.url
            self.state.value.hop += 1
            let hop = RangeHop(self, number: self.state.value.hop)
            // Not the channel too: the client closes those that it opened for one loop as soon as nothing waits for them.
            self.state.value.transfer = self.fetcher.client.execute(
                request: try self.httpRequest(to: place, host: url.hostAndPortText), delegate: hop,
                eventLoop: .delegate(on: self.loop))
        } catch {
            self.finish(error)
        }
    }

    private func httpRequest(to place: String, host: String) throws(RangeFault) -> HTTPClient.Request {
        let range = self.request.range
        let headers: HTTPHeaders = [
            "host": host, "user-agent": "swarm", "accept-encoding": "identity",
            "range": "bytes=\(range.lowerBound)-\(range.upperBound - 1)",
        ]
        do {
            return try HTTPClient.Request(url: place, method: .GET, headers: headers)
        } catch {
            throw .badURL("not a URL that can be fetched")
        }
    }

    // MARK: - What the client tells

    /// Whether the body is wanted.
    func received(_ head: HTTPResponseHead, hop: Int) -> EventLoopFuture<Void> {
        guard self.isCurrent(hop) else { return self.loop.makeFailedFuture(Over()) }
        switch RangeAnswer(head, to: self.request) {
        case .body(let skip, let isExact):
            self.state.value.skip = skip
            self.state.value.isExact = isExact
            return self.loop.makeSucceededVoidFuture()
        case .redirect(let location): self.follow(location)
        case .fault(let fault): self.finish(fault)
        }
        return self.loop.makeFailedFuture(Over())
    }

    private func follow(_ location: String) {
        guard self.state.value.redirects < RangeFetcher.maximumRedirects,
            let next = TrackerURL(self.state.value.url)?.resolving(location)
        else { return self.finish(.tooManyRedirects) }
        self.state.value.url = next
        self.state.value.redirects += 1
        self.state.value.hop += 1
        self.state.value.transfer = nil
        self.begin()
    }

    /// Whether more is wanted.
    func received(_ part: ByteBuffer, hop: Int) -> EventLoopFuture<Void> {
        guard self.isCurrent(hop) else { return self.loop.makeFailedFuture(Over()) }
        var part = part
        let skipped = Int(min(self.state.value.skip, UInt64(part.readableBytes)))
        part.moveReaderIndex(forwardBy: skipped)
        self.state.value.skip -= UInt64(skipped)
        let wanted = Int(min(self.state.value.left, UInt64(part.readableBytes)))
        self.state.value.left -= UInt64(wanted)
        if wanted > 0, let bytes = part.readSlice(length: wanted) { self.state.value.onBytes(bytes) }
        guard !self.state.value.isOver else { return self.loop.makeFailedFuture(Over()) }
        if part.readableBytes > 0, self.state.value.isExact {
            self.finish(.tooMuch)
        } else if self.state.value.left == 0, !self.state.value.isExact {
            // The rest of the file is nothing that was asked for.
            self.finish(nil)
        } else {
            return self.loop.makeSucceededVoidFuture()
        }
        return self.loop.makeFailedFuture(Over())
    }

    func finished(hop: Int) {
        guard self.isCurrent(hop) else { return }
        self.state.value.transfer = nil
        self.finish(self.state.value.left == 0 ? nil : .cut)
    }

    func failed(_ error: any Error, hop: Int) {
        guard self.isCurrent(hop) else { return }
        self.state.value.transfer = nil
        let exchange = HTTPExchange(url: self.state.value.url, limit: 0, timeout: .seconds(10))
        self.finish(.unreachable(HTTPFetchError(error, of: exchange).description))
    }

    private func isCurrent(_ hop: Int) -> Bool { !self.state.value.isOver && self.state.value.hop == hop }

    /// Tells how it ended, once the client is through with what it is at: then its connection can be used again.
    private func finish(_ fault: RangeFault?) {
        self.state.value.isOver = true
        self.state.value.onBytes = { _ in }
        self.state.value.transfer = nil
        self.loop.assumeIsolated().execute {
            let onEnd = self.state.value.onEnd
            self.state.value.onEnd = { _ in }
            onEnd(fault)
        }
    }
}
