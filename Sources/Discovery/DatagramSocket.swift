// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SwarmModel

/// A UDP socket that is connected to one other end. Whoever has it must close it.
struct DatagramSocket: Sendable {
    let descriptor: Int32
    /// The other end.
    let remote: PeerEndpoint

    /// Connects to the first of the host's addresses that fits `source`; nil leaves even the family open. Does not wait.
    static func open(
        host: String, addresses: [IPAddress], port: UInt16, source: IPAddress?
    ) throws(TrackerError) -> DatagramSocket {
        var failure = TrackerError.unreachable("\(host) has no address that fits")
        for address in addresses where source == nil || source?.isV6 == address.isV6 {
            let local = source.flatMap { $0.isUnspecified ? nil : $0.bytes }
            let isV6: Int32 = address.isV6 ? 1 : 0
            let descriptor =
                local.map { clinux_datagrams_connect($0, address.bytes, isV6, port) }
                ?? clinux_datagrams_connect(nil, address.bytes, isV6, port)
            if descriptor >= 0 {
                return DatagramSocket(descriptor: descriptor, remote: PeerEndpoint(address: address, port: port))
            }
            failure = .unreachable(strerror(-descriptor).map { String(cString: $0) } ?? "error \(-descriptor)")
        }
        throw failure
    }
}
