// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel

/// A blocking TCP client that speaks as much HTTP as the tests need.
final class TestClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Response {
        let status: Int
        let head: String
        let body: [UInt8]
        var text: String { String(decoding: self.body, as: UTF8.self) }
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    init(_ endpoint: PeerEndpoint) throws {
        let isV6 = endpoint.address.isV6
        self.descriptor = socket(isV6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // An answer that has not come by then never will, however busy the machine.
        var patience = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let code: Int32
        if isV6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = endpoint.port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: endpoint.address.bytes) }
            code = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = endpoint.port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: endpoint.address.bytes) }
            code = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        guard code == 0 else { throw Failure(description: "connect to \(endpoint): errno \(errno)") }
    }

    deinit { close(self.descriptor) }

    /// That the server has hung up already is heard, not thrown: whether it does before the last word is out, a busy machine
    /// decides.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, [EPIPE, ECONNRESET].contains(errno) { return }
            guard count > 0 else { throw Failure(description: "send: errno \(errno)") }
            sent += count
        }
    }

    func send(_ text: String) throws { try self.send(Array(text.utf8)) }

    /// Says that nothing more will be sent.
    func finishSending() { shutdown(self.descriptor, Int32(SHUT_WR)) }

    /// The next response; `isHead` for one without a body.
    func response(isHead: Bool = false) throws -> Response {
        var end: Int?
        while end == nil {
            end = self.received.indices.dropLast(3).first { Array(self.received[$0..<$0 + 4]) == [13, 10, 13, 10] }
            if end == nil, try !self.receive() { throw Failure(description: "closed before a response") }
        }
        let headEnd = end! + 4
        let head = String(decoding: self.received[..<headEnd], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let length =
            lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: " ").last!) } ?? 0
        let total = headEnd + (isHead ? 0 : length)
        while self.received.count < total {
            guard try self.receive() else { throw Failure(description: "closed inside a body") }
        }
        let body = Array(self.received[headEnd..<total])
        self.received.removeSubrange(..<total)
        return Response(status: Int(lines[0].split(separator: " ")[1])!, head: head, body: body)
    }

    /// Whether the server closes without sending anything more.
    func isClosed() throws -> Bool { try self.received.isEmpty && !self.receive() }

    private func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = buffer.withUnsafeMutableBytes { recv(self.descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0, errno == ECONNRESET { return false }
        guard count >= 0 else { throw Failure(description: "recv: errno \(errno)") }
        self.received += buffer.prefix(count)
        return count > 0
    }

    func get(_ target: String, extra: String = "") throws -> Response {
        try self.send("GET \(target) HTTP/1.1\r\nHost: t\r\n\(extra)\r\n")
        return try self.response()
    }

    func post(_ target: String, _ body: [UInt8], extra: String = "") throws -> Response {
        try self.send(
            Array("POST \(target) HTTP/1.1\r\nHost: t\r\nContent-Length: \(body.count)\r\n\(extra)\r\n".utf8) + body)
        return try self.response()
    }

    func delete(_ target: String, extra: String = "") throws -> Response {
        try self.send("DELETE \(target) HTTP/1.1\r\nHost: t\r\n\(extra)\r\n")
        return try self.response()
    }

    static func get(_ endpoint: PeerEndpoint, _ target: String) throws -> Response {
        try TestClient(endpoint).get(target)
    }
}
