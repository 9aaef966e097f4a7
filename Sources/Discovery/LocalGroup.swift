// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import NIOCore
import NIOPosix
import SwarmModel

/// The socket of one address family by which local peers call out to each other: receives on a loop, sends from anywhere.
final class LocalGroup: Sendable {
    private static let port: UInt16 = 6_771
    private static let v4 = IPAddress(v4: 0xefc0_988f)
    private static let v6 = IPAddress(v6: (0xff15_0000_0000_0000, 0xefc0_988f))

    let isV6: Bool
    /// As messages name it.
    let name: String
    private let address: IPAddress
    private let descriptor: CInt
    private let channel: any Channel

    /// Hands every datagram that comes to a closure.
    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>

        private let onDatagram: @Sendable ([UInt8], IPAddress) -> Void
        private var allowance = MessageAllowance()

        init(_ onDatagram: @escaping @Sendable ([UInt8], IPAddress) -> Void) {
            self.onDatagram = onDatagram
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard self.allowance.take(second: NIODeadline.now().uptimeNanoseconds / 1_000_000_000) else { return }
            let envelope = Self.unwrapInboundIn(data)
            // Where the address stands in sockaddr_in and sockaddr_in6.
            let range: Range<Int>
            switch envelope.remoteAddress {
            case .v4: range = 4..<8
            case .v6: range = 8..<24
            case .unixDomainSocket: return
            }
            let bytes = envelope.remoteAddress.withSockAddr { pointer, size in
                Array(UnsafeRawBufferPointer(start: pointer, count: size)[range])
            }
            guard let source = IPAddress(bytes: bytes) else { return }
            self.onDatagram(Array(envelope.data.readableBytesView), source)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            // A datagram that could not be sent somewhere is no reason to stop listening.
        }
    }

    /// Opens the group. Throws what the system says.
    init(
        isV6: Bool, group: any EventLoopGroup, onDatagram: @escaping @Sendable ([UInt8], IPAddress) -> Void
    ) async throws {
        self.isV6 = isV6
        self.address = isV6 ? Self.v6 : Self.v4
        self.name = "\(PeerEndpoint(address: self.address, port: Self.port))"
        let descriptor = clinux_multicast_open(isV6 ? 1 : 0, Self.port)
        guard descriptor >= 0 else { throw IOError(errnoCode: -descriptor, reason: "opening \(self.name)") }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            Glibc.close(descriptor)
            throw IOError(errnoCode: errno, reason: "duplicating a socket")
        }
        self.descriptor = copy
        do {
            self.channel = try await DatagramBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Receiver(onDatagram))
                    }
                }
                .withBoundSocket(descriptor).get()
        } catch {
            Glibc.close(descriptor)
            Glibc.close(copy)
            throw error
        }
    }

    deinit {
        Glibc.close(self.descriptor)
    }

    /// Sends by every interface that can do multicast; returns by how many. Does not wait.
    @discardableResult
    func send(_ datagram: [UInt8]) -> Int {
        Int(
            clinux_multicast_send(
                self.descriptor, self.isV6 ? 1 : 0, self.address.bytes, Self.port, datagram, datagram.count))
    }

    func stop() async {
        try? await self.channel.close().get()
    }
}
