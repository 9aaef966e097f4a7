// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// To which servers URLs may lead that came from others, in a torrent or a redirect. Whoever makes a torrent must not be able to
/// have us ask what he cannot reach himself:
///
/// - nothing on this machine, and nothing link-local, where clouds keep their secrets;
/// - on the local network only plain paths, without a query that would be a command to some device;
/// - and nothing on the local network that a server on the internet redirects to.
package struct WebAddressPolicy: Hashable, Sendable {
    /// Whether servers on this machine may be asked after all.
    package var allowsLoopback: Bool

    /// The rules above.
    package init(allowsLoopback: Bool = false) {
        self.allowsLoopback = allowsLoopback
    }

    /// One that may be asked of a server's addresses, for its `attempt`th time. `comesFromInternet` tells of a redirect by a
    /// server there.
    func choose(
        of addresses: [IPAddress], hasQuery: Bool, comesFromInternet: Bool, attempt: Int
    ) throws(RangeFault) -> IPAddress {
        let usable = addresses.filter { address in
            guard address.isUnicast, !address.isLinkLocal else { return false }
            if address.isLoopback, !self.allowsLoopback { return false }
            return !address.isLocal || !hasQuery && !comesFromInternet
        }
        guard !usable.isEmpty else {
            throw .refusedAddress(Self.reason(addresses, hasQuery: hasQuery, comesFromInternet: comesFromInternet))
        }
        return usable[attempt % usable.count]
    }

    private static func reason(_ addresses: [IPAddress], hasQuery: Bool, comesFromInternet: Bool) -> String {
        guard let address = addresses.first else { return "the server has no address" }
        if address.isLoopback { return "it leads to this machine itself (\(address)), where it may not" }
        if comesFromInternet { return "it redirects from the internet to the local network (\(address))" }
        if hasQuery, address.isLocal { return "it leads to the local network (\(address)) with a query" }
        return "it leads to \(address), which is no server that may be asked"
    }
}

extension IPAddress {
    /// Of this link only (RFC 3927, RFC 4291).
    fileprivate var isLinkLocal: Bool {
        let bytes = self.bytes
        return self.isV6 ? bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80 : bytes[0] == 169 && bytes[1] == 254
    }
}
