// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import PeerTransport
import SwarmModel

/// Which torrents take inbound connections now. Read once a connection, by whichever loop accepted it.
final class TorrentRegistry: Sendable {
    private struct State {
        var handles: [InfoHash: TorrentHandle] = [:]
        /// Other names of torrents, and whose they are (BEP 52).
        var others: [InfoHash: InfoHash] = [:]
        var otherOf: [InfoHash: InfoHash] = [:]
        /// By transport, the names that its initiators have for the torrents.
        var names: [String: [Bytes20: InfoHash]] = [:]
    }

    private let naming: [Transport]
    private let state = NIOLockedValueBox(State())

    /// `transports` are those that connections may come by.
    init(transports: [Transport]) {
        self.naming = transports.filter(\.namesTorrents)
    }

    func insert(_ handle: TorrentHandle) {
        let names = self.names(of: handle.infoHash)
        self.state.withLockedValue { state in
            state.handles[handle.infoHash] = handle
            for (transport, name) in names { state.names[transport, default: [:]][name] = handle.infoHash }
        }
        self.name(handle.otherHash, for: handle.infoHash)
    }

    /// Takes a torrent out, unless another of the same name has taken its place.
    func remove(_ handle: TorrentHandle) {
        self.state.withLockedValue { state in
            guard state.handles[handle.infoHash] === handle else { return }
            state.handles[handle.infoHash] = nil
            let other = state.otherOf.removeValue(forKey: handle.infoHash)
            if let other, state.others[other] == handle.infoHash { state.others[other] = nil }
            for (transport, name) in [handle.infoHash, other].compactMap({ $0 }).flatMap(self.names) {
                state.names[transport]?[name] = nil
            }
        }
    }

    /// Gives a torrent another name, by which peers may ask for it too; a torrent that is called so itself comes first.
    func name(_ other: InfoHash?, for infoHash: InfoHash) {
        guard let other, other != infoHash else { return }
        let names = self.names(of: other)
        self.state.withLockedValue { state in
            state.others[other] = infoHash
            state.otherOf[infoHash] = other
            for (transport, name) in names { state.names[transport, default: [:]][name] = other }
        }
    }

    subscript(infoHash: InfoHash) -> TorrentHandle? {
        self.state.withLockedValue { state in
            state.handles[infoHash] ?? state.others[infoHash].flatMap { state.handles[$0] }
        }
    }

    /// All of them, in no order.
    var all: [TorrentHandle] { self.state.withLockedValue { Array($0.handles.values) } }

    /// The torrent that initiators of `transport` call `name`.
    func find(_ name: Bytes20, by transport: String) -> InfoHash? {
        self.state.withLockedValue { $0.names[transport]?[name] }
    }

    private func names(of infoHash: InfoHash) -> [(transport: String, name: Bytes20)] {
        self.naming.compactMap { transport in transport.name(of: infoHash).map { (transport.name, $0) } }
    }
}
