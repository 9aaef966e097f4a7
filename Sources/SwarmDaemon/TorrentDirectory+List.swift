// SPDX-License-Identifier: Apache-2.0

import ControlWire
import StateStore
import SwarmModel

extension TorrentDirectory {
    /// Torrents as `torrent.list` wants them. Only those of the page cost anything where nothing is filtered.
    func list(_ params: TorrentList.Params) throws(ControlError) -> TorrentList.Result {
        var result = TorrentList.Result(torrents: [])
        result.selection = try params.selection()
        let wanted = try self.matching(params)
        if params.limit != nil { result.total = wanted.count }
        let limit = max(1, params.limit ?? Int.max)
        let page = try self.rest(of: wanted, behind: params.after).dropFirst(max(0, params.offset ?? 0))
        for infoHash in page {
            guard let entry = self.entries[infoHash] else { continue }
            guard result.torrents.count < limit else {
                result.next = result.torrents.last.map { "\($0.infoHash)" }
                break
            }
            result.torrents.append(self.summary(of: entry))
        }
        return result
    }

    /// The torrents that fit, in their order.
    private func matching(_ params: TorrentList.Params) throws(ControlError) -> [InfoHash] {
        var wanted = self.order
        if let ids = params.ids {
            var chosen: Set<InfoHash> = []
            for id in ids { chosen.insert(try self.entry(id).infoHash) }
            // Few of many: the order of a few is cheaper than a look at all.
            wanted = chosen.count == 1 ? Array(chosen) : wanted.filter(chosen.contains)
        }
        let text = params.text?.lowercased()
        let labels = params.labels.map { Set($0) }
        let states = try self.states(params)
        if text == nil, states == nil, labels == nil { return wanted }
        return wanted.filter { infoHash in
            guard let entry = self.entries[infoHash] else { return false }
            if let text, !entry.outline.name.lowercased().contains(text) { return false }
            if let labels, labels.isDisjoint(with: entry.record.labels) { return false }
            return states?.contains(self.state(of: entry)) ?? true
        }
    }

    /// The states that are asked for; nil for all.
    private func states(_ params: TorrentList.Params) throws(ControlError) -> Set<TorrentState>? {
        guard let words = params.states else { return nil }
        var states: Set<TorrentState> = []
        for word in words {
            guard let state = TorrentState(rawValue: word) else {
                throw ControlError(
                    "\(TorrentList.name): states: each", isOneOf: TorrentState.allCases.map(\.rawValue), not: word)
            }
            states.insert(state)
        }
        return states
    }

    /// What comes behind the end of an earlier page.
    private func rest(of wanted: [InfoHash], behind after: String?) throws(ControlError) -> ArraySlice<InfoHash> {
        guard let after else { return wanted[...] }
        guard let hash = InfoHash(hex: after) else {
            throw ControlError(.invalidParams, "after must be the next of an earlier answer")
        }
        if let place = wanted.firstIndex(of: hash) { return wanted[(place + 1)...] }
        // It may not fit any more; then those behind it in the order of all go on.
        if let place = self.order.firstIndex(of: hash) {
            let behind = Set(self.order[place...])
            return wanted.drop { !behind.contains($0) }
        }
        // It may have been removed since; then the list starts anew rather than skip some.
        return wanted[...]
    }
}
