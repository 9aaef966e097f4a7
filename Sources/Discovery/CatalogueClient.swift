// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Speaks with the catalogues of our own trackers. The tracker is named by its announce URL.
package struct CatalogueClient: Sendable {
    /// Bytes of a list that are read.
    package static let listLimit = 4 << 20
    /// Bytes of a torrent file that are read.
    package static let metainfoLimit = 64 << 20

    private let fetcher: HTTPFetcher
    private let timeout: Interval

    /// `timeout` is for a whole exchange.
    package init(fetcher: HTTPFetcher, timeout: Interval = .seconds(30)) {
        self.fetcher = fetcher
        self.timeout = timeout
    }

    /// Registers a .torrent file.
    @discardableResult
    package func share(_ metainfo: [UInt8], at tracker: String) async throws(CatalogueError) -> CatalogueReceipt {
        let url = try Self.url(tracker, "")
        let json = try await self.ask(url, limit: Self.listLimit, body: metainfo)
        return try CatalogueRecord.receipt(json: json)
    }

    /// The entries whose name contains every word of `text`.
    package func search(_ text: String, at tracker: String) async throws(CatalogueError) -> [CatalogueRecord] {
        let url = try Self.url(tracker, "?q=" + Self.escaped(text))
        return try CatalogueRecord.list(json: try await self.ask(url, limit: Self.listLimit))
    }

    /// The entries of exactly that name.
    package func find(name: String, at tracker: String) async throws(CatalogueError) -> [CatalogueRecord] {
        let url = try Self.url(tracker, "?name=" + Self.escaped(name))
        return try CatalogueRecord.list(json: try await self.ask(url, limit: Self.listLimit))
    }

    /// One entry; throws `notFound` when there is none.
    package func entry(_ infoHash: InfoHash, at tracker: String) async throws(CatalogueError) -> CatalogueRecord {
        let url = try Self.url(tracker, "/\(infoHash)")
        return try CatalogueRecord.record(json: try await self.ask(url, limit: Self.listLimit))
    }

    /// The .torrent file of an entry, unchecked; throws `notFound` when there is none.
    package func metainfo(_ infoHash: InfoHash, at tracker: String) async throws(CatalogueError) -> [UInt8] {
        try await self.ask(try Self.url(tracker, "/\(infoHash)/metainfo"), limit: Self.metainfoLimit)
    }

    private func ask(_ url: String, limit: Int, body: [UInt8]? = nil) async throws(CatalogueError) -> [UInt8] {
        let answer: HTTPAnswer
        do throws(HTTPFetchError) {
            answer = try await self.fetch(url, limit: limit, body: body)
        } catch {
            switch error {
            case .badURL(let why): throw .unsupported(why)
            case .tooLarge: throw .garbage(error.description)
            case .unreachable, .timedOut, .tooManyRedirects, .cancelled: throw .unreachable(error.description)
            }
        }
        if answer.isGood { return answer.body }
        // Without words of its own it is some other server, or something between.
        let words = CatalogueRecord.refusal(json: answer.body)
        if answer.status == 404 { throw .notFound(words ?? "it has no catalogue (HTTP 404)") }
        throw .refused(answer.status, words ?? answer.words)
    }

    func fetch(_ url: String, limit: Int, body: [UInt8]? = nil) async throws(HTTPFetchError) -> HTTPAnswer {
        try await self.fetcher.fetch(
            HTTPExchange(
                url: url, body: body, contentType: body.map { _ in "application/x-bittorrent" }, limit: limit,
                timeout: self.timeout))
    }

    private static func url(_ tracker: String, _ rest: String) throws(CatalogueError) -> String {
        guard let base = TrackerURL(tracker)?.httpBase else {
            throw .unsupported("\(tracker.prefix(200)) is not a tracker's announce URL")
        }
        return base + "/v1/catalogue" + rest
    }

    /// Percent-encoded for a query.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default: escaped += "%" + Hexadecimal.encode(CollectionOfOne(byte))
            }
        }
        return escaped
    }
}
