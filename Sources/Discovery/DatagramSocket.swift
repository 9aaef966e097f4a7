// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SwarmModel

/// A UDP socket that is connected to one other end. Whoever has it must close it.
struct DatagramSocket: Sendable {
    let descriptor: Int32
    /// The other end.
    let remote: PeerEndpoint

    /// Looks the host up and connects to the first address that fits `source`; nil leaves even the family open. Blocks
    /// as long as the resolver does.
    static func open(host: String, port: UInt16, source: IPAddress?) throws(TrackerError) -> DatagramSocket {
        var failure = TrackerError.unreachable("\(host) has no address that fits")
        for address in try Self.addresses(of: host) where source == nil || source?.isV6 == address.isV6 {
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

    private static func addresses(of host: String) throws(TrackerError) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        var wanted = addrinfo()
        wanted.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &wanted, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard code == 0 else {
            let reason = gai_strerror(code).map { String(cString: $0) } ?? "error \(code)"
            throw .unreachable("\(host): \(reason)")
        }
        var addresses: [IPAddress] = []
        var entry = found
        while let current = entry?.pointee {
            if let address = Self.address(current) { addresses.append(address) }
            entry = current.ai_next
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let name = entry.ai_addr else { return nil }
        // Where the address stands in sockaddr_in and sockaddr_in6.
        let range = entry.ai_family == AF_INET6 ? 8..<24 : 4..<8
        guard entry.ai_family == AF_INET || entry.ai_family == AF_INET6, Int(entry.ai_addrlen) >= range.upperBound
        else {
            return nil
        }
        return IPAddress(bytes: UnsafeRawBufferPointer(start: name, count: Int(entry.ai_addrlen))[range])
    }
}
