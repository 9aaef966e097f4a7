// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// An answer on its way out. The head is written by hand: a handful of constant bytes, in one buffer with the body.
struct HTTPReply: Sendable {
    enum Status: Sendable {
        case ok, created, badRequest, forbidden, notFound, methodNotAllowed, tooLarge, conflict
        case headersTooLarge, misdirected, internalError, unavailable, full

        var line: StaticString {
            switch self {
            case .ok: "HTTP/1.1 200 OK\r\n"
            case .created: "HTTP/1.1 201 Created\r\n"
            case .badRequest: "HTTP/1.1 400 Bad Request\r\n"
            case .forbidden: "HTTP/1.1 403 Forbidden\r\n"
            case .notFound: "HTTP/1.1 404 Not Found\r\n"
            case .methodNotAllowed: "HTTP/1.1 405 Method Not Allowed\r\n"
            case .conflict: "HTTP/1.1 409 Conflict\r\n"
            case .tooLarge: "HTTP/1.1 413 Content Too Large\r\n"
            case .misdirected: "HTTP/1.1 421 Misdirected Request\r\n"
            case .headersTooLarge: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
            case .internalError: "HTTP/1.1 500 Internal Server Error\r\n"
            case .unavailable: "HTTP/1.1 503 Service Unavailable\r\n"
            case .full: "HTTP/1.1 507 Insufficient Storage\r\n"
            }
        }
    }

    enum Content: Sendable {
        case text, html, json, torrent, metrics, binary

        var line: StaticString {
            switch self {
            case .text: "Content-Type: text/plain\r\n"
            case .html:
                // Whatever a name may smuggle in, nothing is run and nothing fetched.
                "Content-Type: text/html; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
            case .json: "Content-Type: application/json\r\n"
            case .torrent: "Content-Type: application/x-bittorrent\r\n"
            case .binary: "Content-Type: application/octet-stream\r\n"
            case .metrics: "Content-Type: text/plain; version=0.0.4\r\n"
            }
        }
    }

    var status = Status.ok
    var content = Content.text
    var body: [UInt8]

    init(_ status: Status = .ok, _ content: Content = .text, _ body: [UInt8]) {
        self.status = status
        self.content = content
        self.body = body
    }

    init(_ status: Status = .ok, _ content: Content = .text, _ text: String) {
        self.init(status, content, Array(text.utf8))
    }

    /// The error of the catalogue: a JSON object with one `error`.
    static func error(_ status: Status, _ message: String) -> HTTPReply {
        var json = JSONWriter()
        json.object { $0.field("error", message) }
        return HTTPReply(status, .json, json.bytes)
    }

    /// Appends head and body. `omitsBody` is for HEAD.
    func write(to buffer: inout ByteBuffer, keepsAlive: Bool, isHTTP10: Bool, omitsBody: Bool) {
        buffer.reserveCapacity(minimumWritableBytes: 384 + self.body.count)
        buffer.writeStaticString(self.status.line)
        buffer.writeStaticString(self.content.line)
        if !keepsAlive {
            buffer.writeStaticString("Connection: close\r\n")
        } else if isHTTP10 {
            buffer.writeStaticString("Connection: keep-alive\r\n")
        }
        buffer.writeStaticString("Content-Length: ")
        buffer.writeString(String(self.body.count))
        buffer.writeStaticString("\r\n\r\n")
        if !omitsBody { buffer.writeBytes(self.body) }
    }
}
