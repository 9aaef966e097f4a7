// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SwarmModel
import TrackerWire

/// A blocking UDP client of a tracker.
final class TestDatagramClient {
    let isV6: Bool
    private let descriptor: Int32
    private var nextTransaction: UInt32 = 1000

    /// `source` is the address to come from; loopback has a whole network of them.
    init(_ endpoint: PeerEndpoint, source: IPAddress? = nil) throws {
        let address = endpoint.address
        self.isV6 = address.isV6
        let source = source?.bytes
        self.descriptor =
            source.map { clinux_datagrams_connect($0, address.bytes, address.isV6 ? 1 : 0, endpoint.port) }
            ?? clinux_datagrams_connect(nil, address.bytes, address.isV6 ? 1 : 0, endpoint.port)
        guard self.descriptor >= 0 else { throw TestClient.Failure(description: "socket: errno \(-self.descriptor)") }
    }

    deinit { close(self.descriptor) }

    func send(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// The next datagram; nil when none comes within `milliseconds`.
    func receive(within milliseconds: Int32 = 300_000) -> [UInt8]? {
        var wanted = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wanted, 1, milliseconds) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(self.descriptor, &bytes, bytes.count, 0)
        return count >= 0 ? Array(bytes.prefix(count)) : nil
    }

    /// Asks and waits for the answer to just that; others are passed over.
    func ask(_ make: (UInt32) -> [UInt8]) throws -> DatagramReply {
        let transaction = self.nextTransaction
        self.nextTransaction += 1
        self.send(make(transaction))
        while let bytes = self.receive() {
            guard DatagramReply.transaction(of: bytes.span) == transaction else { continue }
            guard let reply = DatagramReply(datagram: bytes.span, isV6: self.isV6) else { break }
            return reply
        }
        throw TestClient.Failure(description: "no answer")
    }

    func connect() throws -> UInt64 {
        guard case .connected(let connectionID) = try self.ask(DatagramHead.connect(transaction:)) else {
            throw TestClient.Failure(description: "no connection id")
        }
        return connectionID
    }

    func announce(_ request: AnnounceRequest, _ connectionID: UInt64) throws -> AnnounceResponse {
        let reply = try self.ask { request.datagram(connectionID: connectionID, transaction: $0) }
        guard case .announced(let response) = reply else { throw TestClient.Failure(description: "\(reply)") }
        return response
    }
}
