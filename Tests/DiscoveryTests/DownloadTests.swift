// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwarmModel
import Testing

/// A .torrent file that is to come from a web server.
@Suite struct DownloadTests {
    private static let page = Array("\u{FEFF}\r\n <!DOCTYPE html><html><title>Index of /</title></html>".utf8)

    private func download(
        _ path: String = "/a.torrent", timeout: Interval = .seconds(300),
        _ decide: @escaping @Sendable (TrackerStub.Request) -> TrackerStub.Reply
    ) async throws -> (outcome: Result<[UInt8], DownloadError>, address: String, base: String) {
        let stub = try await TrackerStub(decide)
        let fetcher = HTTPFetcher(group: .singletonMultiThreadedEventLoopGroup, logger: Logger(label: "test"))
        let client = CatalogueClient(fetcher: fetcher, timeout: timeout)
        let outcome: Result<[UInt8], DownloadError>
        do throws(DownloadError) {
            outcome = .success(try await client.download(stub.url(path)))
        } catch {
            outcome = .failure(error)
        }
        let base = stub.url("")
        await fetcher.shutdown()
        try await stub.close()
        return (outcome, base + path, base)
    }

    private func words(
        _ given: (outcome: Result<[UInt8], DownloadError>, address: String, base: String)
    ) -> String? {
        guard case .failure(let error) = given.outcome else { return nil }
        return error.description(of: given.address).replacing(given.base, with: "http://h")
    }

    @Test func `what the server sends is taken as it is, whatever it calls it`() async throws {
        let sent = Array("d4:infod1:ai1eee".utf8)
        let given = try await self.download { _ in .body(.ok, sent, ["content-type": "text/html"]) }
        #expect(try given.outcome.get() == sent)
        let led = try await self.download {
            $0.uri == "/b" ? .body(.ok, sent) : .body(.found, [], ["location": "/b"])
        }
        #expect(try led.outcome.get() == sent)
    }

    @Test(arguments: [
        (404, "404 Not Found; look whether the address is spelt right, or has another by now"),
        (410, "410 Gone; look whether the address is spelt right, or has another by now"),
        (
            403,
            "403 Forbidden; it wants a login or does not hand it out to everybody: fetch it with a browser, and add the file"
        ),
        (503, "503 Service Unavailable; try again later"), (429, "429 Too Many Requests; try again later"),
        (599, "HTTP 599; try again later"),
        (304, "304 Not Modified; open it in a browser, and add the file that comes"),
    ])
    func `an answer that is no success is told by its status, not by its page`(status: Int, words: String) async throws
    {
        let given = try await self.download { _ in .body(HTTPResponseStatus(statusCode: status), Self.page) }
        #expect(self.words(given) == "http://h/a.torrent: the server answers \(words)")
    }

    @Test func `an address that leads on is told with where it led`() async throws {
        let given = try await self.download {
            $0.uri == "/login" ? .body(.unauthorized, Self.page) : .body(.found, [], ["location": "/login"])
        }
        #expect(
            self.words(given)?.hasPrefix(
                "http://h/a.torrent, which leads to http://h/login: the server answers 401 Unauthorized; ") == true)
    }

    @Test func `a web page is called one, and an empty answer too`() async throws {
        let page = try await self.download { _ in .body(.ok, Self.page) }
        #expect(
            self.words(page)
                == "http://h/a.torrent: that is a web page, not a torrent; open it in a browser, and add the address of the"
                + " .torrent file or the magnet link there")
        let empty = try await self.download { _ in .body(.ok, []) }
        #expect(self.words(empty) == "http://h/a.torrent: the server sends an empty file, not a torrent")
    }

    @Test func `redirects without an end, to nowhere, and to what cannot be fetched are told`() async throws {
        let endless = try await self.download { .body(.found, [], ["location": $0.uri + "x"]) }
        #expect(endless.outcome == .failure(.tooManyRedirects))
        #expect(self.words(endless)?.contains("leads on and on") == true)
        let circle = try await self.download { _ in .body(.movedPermanently, [], ["location": "/a.torrent"]) }
        #expect(circle.outcome == .failure(.tooManyRedirects))
        let elsewhere = try await self.download { _ in .body(.found, [], ["location": "ftp://h/x"]) }
        #expect(
            self.words(elsewhere) == "http://h/a.torrent: it is no address that can be fetched, or leads to none",
            "\(elsewhere.outcome)")
    }

    @Test func `what is too large and what does not come is told with the limit`() async throws {
        let large = try await self.download {
            _ in .body(.ok, [UInt8](repeating: 0x64, count: CatalogueClient.metainfoLimit + 1))
        }
        #expect(
            self.words(large)
                == "http://h/a.torrent: what it sends is larger than 64 MiB, which no .torrent file is; this may be the"
                + " payload itself")
        let silent = try await self.download(timeout: .milliseconds(100)) { _ in .silence }
        #expect(self.words(silent)?.contains("the server sent no whole answer within 0.1 s; try again later") == true)
        let stalled = try await self.download(timeout: .milliseconds(100)) { _ in .stall([0x64]) }
        #expect(stalled.outcome == .failure(.timedOut(0.1)))
    }

    @Test(arguments: ["ftp://h/x", "file:///etc/passwd", "http://", "magnet:?x"])
    func `no other address is fetched`(address: String) async throws {
        let fetcher = HTTPFetcher(group: .singletonMultiThreadedEventLoopGroup, logger: Logger(label: "test"))
        await #expect(throws: DownloadError.unsupported) {
            try await CatalogueClient(fetcher: fetcher).download(address)
        }
        await fetcher.shutdown()
    }
}
