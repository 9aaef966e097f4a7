// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import NIOCore
import NIOPosix
import SwarmModel

/// The UDP socket of one listen address, for sending: any loop may, because the kernel takes datagrams whole.
final class DatagramSocket: Sendable {
    /// Bytes of the kernel's buffers both ways, where it allows as much: data of fast peers must not get lost while a loop
    /// is busy.
    static let bufferSize: CInt = 4 << 20

    /// Where it is bound.
    let endpoint: PeerEndpoint
    /// A duplicate of the receiving channel's, so that it never names another file while somebody sends.
    private let descriptor: CInt

    /// Takes over `descriptor`.
    init(descriptor: CInt, endpoint: PeerEndpoint) {
        self.descriptor = descriptor
        self.endpoint = endpoint
        clinux_tune_datagram_socket(descriptor, Self.bufferSize)
    }

    deinit {
        close(self.descriptor)
    }

    /// Sends datagrams of `segment` bytes, the last with the rest, and does not wait; returns the bytes sent or a negative
    /// errno. `offload` as for `clinux_send_datagrams`.
    func send(
        _ bytes: UnsafeRawBufferPointer, segment: Int, to address: SocketAddress, offload: inout CInt
    ) -> Int {
        address.withSockAddr { target, length in
            clinux_send_datagrams(
                self.descriptor, target, socklen_t(length), bytes.baseAddress, bytes.count,
                UInt16(clamping: segment), &offload)
        }
    }

    /// Payload of the largest datagram that goes to `address` undivided, as far as the routing table knows.
    static func largestDatagram(to address: SocketAddress) -> Int {
        let mtu = address.withSockAddr { target, length in Int(clinux_path_mtu(target, socklen_t(length))) }
        let headers = if case .v6 = address { 48 } else { 28 }
        // Where nothing is known: what every network carries.
        return mtu > headers ? min(mtu, 65_535) - headers : 1_280 - headers
    }
}
