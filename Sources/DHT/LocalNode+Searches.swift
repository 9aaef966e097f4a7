// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Torrents whose peers we look for.
extension LocalNode {
    /// Looks for a torrent's peers from now on, and announces it where `announcement` is given. One that is looked for
    /// already goes on with the new announcement. False when there are too many.
    @discardableResult
    package mutating func search(
        _ infoHash: InfoHash, announcing announcement: TorrentSearch.Announcement?, at now: Instant
    ) -> Bool {
        if self.torrents[infoHash] != nil {
            self.torrents[infoHash]?.announcement = announcement
            return true
        }
        guard self.torrents.count < Self.torrentLimit else { return false }
        self.torrents[infoHash] = TorrentSearch(announcement, at: now)
        self.searchDue = now
        self.startSearches(at: now)
        return true
    }

    /// Looks no more. What was announced is forgotten by itself.
    package mutating func endSearch(_ infoHash: InfoHash, at now: Instant) {
        guard self.torrents.removeValue(forKey: infoHash) != nil else { return }
        for (number, entry) in self.lookups {
            guard case .search(infoHash) = entry.errand else { continue }
            self.lookups[number] = nil
            self.searchLookups -= 1
        }
        self.startSearches(at: now)
    }

    /// Looks at once, unless that was done a moment ago. Returns when; nil for a torrent that is not looked for.
    package mutating func hurrySearch(_ infoHash: InfoHash, at now: Instant) -> Instant? {
        guard let due = self.torrents[infoHash]?.hurry(at: now) else { return nil }
        self.searchDue = min(self.searchDue ?? due, due)
        self.startSearches(at: now)
        return due
    }

    /// Whether there is any node to begin from.
    var canSearch: Bool { (self.v4?.table.count ?? 0) + (self.v6?.table.count ?? 0) > 0 }

    /// Starts the searches that are due, as far as there is room for them.
    mutating func startSearches(at now: Instant) {
        guard self.canSearch, let due = self.searchDue, due <= now else { return }
        while self.searchLookups < Self.searchConcurrency {
            let waiting = self.torrents.lazy.filter { $0.value.underWay == 0 }
            guard let next = waiting.min(by: { Self.rank($0) < Self.rank($1) }) else {
                self.searchDue = nil
                return
            }
            self.searchDue = next.value.due
            guard next.value.due <= now else { return }
            self.start(next.key, at: now)
        }
    }

    /// By time, and then by name, so that the order of a dictionary does not show.
    private static func rank(_ entry: (key: InfoHash, value: TorrentSearch)) -> (Instant, UInt64) {
        (entry.value.due, entry.key.digest.words.high)
    }

    private mutating func start(_ infoHash: InfoHash, at now: Instant) {
        var walks: [Int] = []
        for isV6 in [false, true] where (self[isV6: isV6]?.table.count ?? 0) > 0 {
            guard let number = self.begin(.search(infoHash), towards: NodeID(infoHash), isV6: isV6) else { continue }
            walks.append(number)
        }
        self.torrents[infoHash]?.underWay = walks.count
        self.searchLookups += walks.count
        for number in walks { self.advance(number, at: now) }
    }

    /// Prepares a walk; nil where the family is not used.
    mutating func begin(_ errand: Errand, towards target: NodeID, isV6: Bool) -> Int? {
        guard let family = self[isV6: isV6] else { return nil }
        let contacts = family.table.closest(to: target, limit: Lookup.width * 2)
        let lookup = Lookup(
            target: target, isV6: isV6, ownID: family.table.ownID, contacts: contacts, strangers: self.strangers)
        self.nextLookup += 1
        self.lookups[self.nextLookup] = (lookup, errand)
        return self.nextLookup
    }

    /// Asks whom a walk has to ask next, and ends it when there is nobody.
    mutating func advance(_ number: Int, at now: Instant) {
        guard let errand = self.lookups[number]?.errand, let target = self.lookups[number]?.lookup.target else {
            return
        }
        let question: KRPCQuery.Question
        switch errand {
        case .join, .refresh: question = .findNode(target)
        case .search(let infoHash):
            let isSeed = self.torrents[infoHash]?.announcement?.isSeed ?? false
            question = .getPeers(infoHash, excludesSeeds: isSeed, wantsCounts: false)
        }
        while let step = self.lookups[number]?.lookup.next() {
            guard self.ask(question, of: step.endpoint, id: step.id, for: .step(lookup: number), at: now) else {
                self.lookups[number]?.lookup.failed(step.endpoint)
                continue
            }
        }
        guard self.lookups[number]?.lookup.isOver == true, let lookup = self.lookups[number]?.lookup else { return }
        self.lookups[number] = nil
        switch errand {
        case .join:
            self[isV6: lookup.isV6]?.table.joined()
            self.upkeepDue = min(self.upkeepDue, now + Self.fillingInterval)
        case .refresh: break
        case .search(let infoHash): self.finish(lookup, of: infoHash, at: now)
        }
    }

    private mutating func finish(_ lookup: Lookup, of infoHash: InfoHash, at now: Instant) {
        self.searchLookups -= 1
        guard var torrent = self.torrents[infoHash] else { return }
        torrent.underWay -= 1
        torrent.current.peers += lookup.peers.count
        torrent.current.answers += lookup.answerCount
        if let announcement = torrent.announcement {
            for (contact, token) in lookup.closest {
                let words = KRPCAnnouncement(
                    infoHash: infoHash, port: announcement.port, token: token, isSeed: announcement.isSeed)
                let isSent = self.ask(
                    .announcePeer(words), of: contact.endpoint, id: contact.id, for: .announce, at: now)
                torrent.current.announced += isSent ? 1 : 0
            }
        }
        if torrent.underWay == 0 {
            torrent.end(random: &self.random, at: now)
            self.searchDue = min(self.searchDue ?? torrent.due, torrent.due)
            self.outputs.append(.searched(infoHash, torrent.last))
        }
        self.torrents[infoHash] = torrent
    }
}
