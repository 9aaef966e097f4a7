// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOPosix
import SwarmModel

/// Looks names of hosts up.
enum HostAddresses {
    /// The addresses of a host; an address in text form is its own. Blocks as long as the resolver does.
    static func lookUp(_ host: String) throws(TrackerError) -> [IPAddress] {
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

    /// Places of nodes, as `host:port`, by their addresses; what cannot be looked up is left out. On a thread that may wait.
    static func endpoints(of places: [String]) async -> [PeerEndpoint] {
        let found = try? await NIOThreadPool.singleton.runIfActive {
            places.flatMap { place -> [PeerEndpoint] in
                if let endpoint = PeerEndpoint(place) { return [endpoint] }
                guard let colon = place.lastIndex(of: ":"), let port = UInt16(place[place.index(after: colon)...]),
                    let addresses = try? Self.lookUp(String(place[..<colon]))
                else { return [] }
                return addresses.map { PeerEndpoint(address: $0, port: port) }
            }
        }
        return found ?? []
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
