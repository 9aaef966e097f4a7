// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Which torrents and whom a tracker serves, beside its limits. A value that is made anew when its lists are.
package struct AccessRules: Hashable, Sendable {
    /// The torrents that are served; nil is all.
    package var allowed: Set<InfoHash>?
    /// Torrents that are not.
    package var denied: Set<InfoHash> = []
    /// The keys by which members are known (BEP 27's private trackers); nil serves everybody.
    package var passkeys: Set<[UInt8]>?

    /// Addresses that are not served.
    package var banned = AddressFilter()

    /// Everybody and everything.
    package init() {}

    /// Whether nothing has to be looked up.
    package var isOpen: Bool {
        self.allowed == nil && self.denied.isEmpty && self.passkeys == nil && self.banned.rangeCount == 0
    }

    /// Why an announce or scrape is refused; nil serves it. `passkey` is what the request has of one.
    package func rejection(of infoHash: InfoHash, passkey: [UInt8]?) -> AnnounceRejection? {
        self.rejection(passkey: passkey) ?? self.rejection(of: infoHash)
    }

    /// As above, of an announce from an address.
    package func rejection(
        of infoHash: InfoHash, passkey: [UInt8]?, from address: IPAddress
    ) -> AnnounceRejection? {
        self.banned.blocks(address) ? .banned : self.rejection(of: infoHash, passkey: passkey)
    }

    /// As above, of whoever has shown a passkey.
    package func rejection(of infoHash: InfoHash) -> AnnounceRejection? {
        if self.denied.contains(infoHash) { return .denied }
        if let allowed = self.allowed, !allowed.contains(infoHash) { return .notAllowed }
        return nil
    }

    /// As above, before a torrent is known.
    package func rejection(passkey: [UInt8]?) -> AnnounceRejection? {
        guard let passkeys = self.passkeys else { return nil }
        return passkey.map(passkeys.contains) ?? false ? nil : .unknownPasskey
    }

    /// Both: what either allows, denies or knows. A list that only one has counts alone.
    package func joined(with other: AccessRules) -> AccessRules {
        var rules = self
        rules.allowed = self.allowed.map { $0.union(other.allowed ?? []) } ?? other.allowed
        rules.denied = self.denied.union(other.denied)
        rules.passkeys = self.passkeys.map { $0.union(other.passkeys ?? []) } ?? other.passkeys
        return rules
    }
}
