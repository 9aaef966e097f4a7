// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Whose word is taken for where a request came from: proxies that add the address they were asked from at the right of
/// `X-Forwarded-For`. What stands further left is anybody's.
struct ProxyTrust: Sendable {
    let proxies: AddressFilter

    /// The client behind a request that came from `address`: the right-most one that is no proxy of ours.
    func client(of address: IPAddress, forwardedFor value: String) -> IPAddress {
        var client = address
        for entry in value.split(separator: ",", omittingEmptySubsequences: false).reversed() {
            guard self.proxies.blocks(client), let next = Self.address(entry) else { break }
            client = next
        }
        return client
    }

    /// `1.2.3.4`, `1.2.3.4:5`, `2001:db8::1` or `[2001:db8::1]:5`.
    private static func address(_ entry: Substring) -> IPAddress? {
        let word = entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        return IPAddress(word) ?? PeerEndpoint(word)?.address
            ?? (word.hasPrefix("[") && word.hasSuffix("]") ? IPAddress(word.dropFirst().dropLast()) : nil)
    }
}
