// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import PeerTransport

/// Sends one connection's datagrams: as many of equal length as lie one after the other go with one call to the kernel.
struct DatagramOutput {
    private let socket: DatagramSocket
    private let address: SocketAddress
    /// Whether the kernel divides what it is given into datagrams.
    private var offload: CInt = 1
    private var backlog = DatagramBacklog()
    /// Somebody will call `drain`.
    var isWatched = false

    init(socket: DatagramSocket, address: SocketAddress) {
        self.socket = socket
        self.address = address
    }

    /// Whether the socket took less than it was given.
    var isBlocked: Bool { !self.backlog.isEmpty }

    /// Sends datagrams that an engine gave out; `memory` is what the engine's call was given.
    mutating func send(_ datagrams: LinkChunks, from memory: UnsafeRawBufferPointer) {
        datagrams.copies.withUnsafeBytes { copies in
            var index = 0
            while index < datagrams.chunks.count {
                let first = datagrams.chunks[index]
                var end = first.offset
                while index < datagrams.chunks.count {
                    let next = datagrams.chunks[index]
                    guard next.isInPlace == first.isInPlace, next.offset == end, next.count <= first.count else {
                        break
                    }
                    end += next.count
                    index += 1
                    if next.count < first.count { break }
                }
                let base = first.isInPlace ? memory : copies
                self.send(UnsafeRawBufferPointer(rebasing: base[first.offset..<end]), segment: first.count)
            }
        }
    }

    /// Sends what waits, as far as the socket takes it.
    mutating func drain() {
        var backlog = DatagramBacklog()
        swap(&backlog, &self.backlog)
        backlog.drain { self.attempt($0, segment: $1) }
        self.backlog = backlog
    }

    private mutating func send(_ bytes: UnsafeRawBufferPointer, segment: Int) {
        guard segment > 0 else { return }
        guard self.backlog.isEmpty else { return self.backlog.add(bytes, segment: segment) }
        let sent = self.attempt(bytes, segment: segment) ?? bytes.count
        guard sent < bytes.count else { return }
        self.backlog.add(UnsafeRawBufferPointer(rebasing: bytes[sent...]), segment: segment)
    }

    /// Bytes that the socket took; nil where it never will: the network is gone, or does not want them. The transport
    /// finds out that they are lost.
    private mutating func attempt(_ bytes: UnsafeRawBufferPointer, segment: Int) -> Int? {
        let sent = self.socket.send(bytes, segment: segment, to: self.address, offload: &self.offload)
        if sent >= 0 { return sent }
        return sent == -Int(EAGAIN) || sent == -Int(ENOBUFS) ? 0 : nil
    }
}
