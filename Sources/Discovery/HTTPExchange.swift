// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// An HTTP request with the limits its reply must keep.
struct HTTPExchange: Sendable {
    var url: String
    var body: [UInt8]?
    var contentType: String?
    /// The local address to come from; unspecified leaves the choice within its family to the system.
    var source: IPAddress?
    /// Bytes of the reply's body, inflated.
    var limit: Int
    /// For everything from the name look-up to the last byte.
    var timeout: Interval
}

/// What came back, whatever its status.
struct HTTPAnswer: Sendable {
    let status: Int
    let body: [UInt8]
    /// The server's `Retry-After` in seconds.
    let retryAfter: Interval?
    /// Where it says that the answer is; nil for an answer.
    var location: String?

    /// Where it came from: another URL than was asked for when that led on.
    var url = ""

    /// Whether the status is one of success.
    var isGood: Bool { (200...299).contains(self.status) }

    /// Whether it is a page for people, whatever its head says: neither a bencoded value nor JSON begins so.
    var isWebPage: Bool {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = self.body.starts(with: byteOrderMark) ? self.body.dropFirst(byteOrderMark.count) : self.body[...]
        return body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "<")
    }

    /// What a server says besides its status: nothing where that is a page.
    var words: String { self.isWebPage ? "" : self.excerpt }

    /// The beginning of the body in printable ASCII, for messages.
    var excerpt: String {
        let shown = self.body.prefix(80).map { $0 >= 0x20 && $0 < 0x7f ? $0 : UInt8(ascii: ".") }
        return String(decoding: shown, as: UTF8.self)
    }
}
