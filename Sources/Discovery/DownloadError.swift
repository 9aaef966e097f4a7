// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// Why no .torrent file came from a web server.
package enum DownloadError: Error, Hashable, Sendable {
    /// Neither http nor https, or no URL at all.
    case unsupported
    /// No connection, no name, or it broke; the reason.
    case unreachable(String)
    /// No whole answer in time; seconds waited.
    case timedOut(Double)
    /// It leads on and on, or in a circle.
    case tooManyRedirects
    /// It leads to what cannot be fetched.
    case badRedirect
    /// More bytes than a .torrent file has: so many are read.
    case tooLarge(Int)
    /// An answer of another status than 2xx, and the URL that it came from.
    case status(Int, url: String)
    /// A page for people to look at, and the URL that it came from.
    case webPage(url: String)
    /// An answer without a byte.
    case empty
    /// Whoever asked does not wait any longer.
    case cancelled

    init(_ error: HTTPFetchError) {
        switch error {
        case .badURL: self = .badRedirect
        case .unreachable(let why): self = .unreachable(why)
        case .timedOut(let seconds): self = .timedOut(seconds)
        case .tooLarge(let limit): self = .tooLarge(limit)
        case .tooManyRedirects: self = .tooManyRedirects
        case .cancelled: self = .cancelled
        }
    }

    /// What happened at `address`, and what to do: a sentence without its full stop.
    package func description(of address: String) -> String {
        switch self {
        case .unsupported: "\(address): only http and https addresses can be fetched"
        case .unreachable(let why): "\(address): \(why)"
        case .timedOut(let seconds):
            "\(address): the server sent no whole answer within \(Self.text(seconds)) s; try again later, or fetch the file in"
                + " another way and add that"
        case .tooManyRedirects:
            "\(address): the server leads on and on from one address to another; open it in a browser, and add the file that"
                + " comes"
        case .badRedirect: "\(address): it is no address that can be fetched, or leads to none"
        case .tooLarge(let limit):
            "\(address): what it sends is larger than \(limit >> 20) MiB, which no .torrent file is; this may be the payload"
                + " itself"
        case .status(let status, let url):
            "\(Self.path(address, url)): the server answers \(Self.words(for: status)); \(Self.advice(for: status))"
        case .webPage(let url):
            "\(Self.path(address, url)): that is a web page, not a torrent; open it in a browser, and add the address of the"
                + " .torrent file or the magnet link there"
        case .empty: "\(address): the server sends an empty file, not a torrent"
        case .cancelled: "\(address): cancelled"
        }
    }

    /// Where it began, and where it ended if that is another address.
    private static func path(_ address: String, _ url: String) -> String {
        url == address ? address : "\(address), which leads to \(url.prefix(300))"
    }

    private static func words(for status: Int) -> String {
        let known = HTTPResponseStatus(statusCode: status)
        if case .custom = known { return "HTTP \(status)" }
        return "\(status) \(known.reasonPhrase)"
    }

    private static func advice(for status: Int) -> String {
        switch status {
        case 401, 402, 403, 407, 451:
            "it wants a login or does not hand it out to everybody: fetch it with a browser, and add the file"
        case 404, 410: "look whether the address is spelt right, or has another by now"
        case 408, 429, 500...599: "try again later"
        default: "open it in a browser, and add the file that comes"
        }
    }

    /// Seconds without a fraction that is zero.
    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }
}
