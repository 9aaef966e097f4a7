// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension TorrentSelector {
    /// The one torrent of `torrents` that the user means. A whole info-hash, a v2 one of 64 digits too, wins over everything; otherwise the
    /// torrents with that very name and those whose info-hash begins so compete.
    ///
    /// Throws `notFound` (with torrents whose name contains the text as candidates) or `ambiguous` (with those that
    /// match as candidates).
    package func resolve(
        in torrents: some Collection<(infoHash: InfoHash, name: String)>
    ) throws(ControlError) -> InfoHash {
        let whole = InfoHash(hex: self.text) ?? InfoHashV2(hex: self.text)?.truncated
        let prefix = self.hashPrefix
        var matches: [ControlCandidate] = []
        var similar: [ControlCandidate] = []
        let lowered = self.text.lowercased()
        for (hash, name) in torrents {
            if hash == whole { return hash }
            if name == self.text || prefix.map({ hash.begins(with: $0) }) ?? false {
                matches.append(ControlCandidate(infoHash: hash, name: name))
            } else if similar.count < Self.mostCandidates, !lowered.isEmpty, name.lowercased().contains(lowered) {
                similar.append(ControlCandidate(infoHash: hash, name: name))
            }
        }
        if matches.count == 1, let hash = matches[0].infoHash { return hash }
        guard matches.isEmpty else { throw self.ambiguous(matches) }
        if similar.isEmpty, let near = self.nearest(in: torrents) { throw self.notFound(near) }
        throw self.notFound(similar)
    }

    /// The torrent whose name this may be a slip of the hand for; among very many nobody looks for one.
    private func nearest(in torrents: some Collection<(infoHash: InfoHash, name: String)>) -> ControlCandidate? {
        guard torrents.count <= Self.mostCompared,
            let name = NearestName.nearest(to: self.text, among: torrents.map(\.name)),
            let torrent = torrents.first(where: { $0.name == name })
        else { return nil }
        return ControlCandidate(infoHash: torrent.infoHash, name: name)
    }

    /// The digits when the text could be the beginning of an info-hash.
    private var hashPrefix: [UInt8]? {
        let digits = Array(self.text.lowercased().utf8)
        let hexadecimal = digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return hexadecimal && (Self.fewestDigits...40).contains(digits.count) ? digits : nil
    }

    private func notFound(_ near: ControlCandidate) -> ControlError {
        ControlError(
            .notFound,
            "no torrent is called \u{201C}\(self.text)\u{201D}; did you mean \u{201C}\(near.name)\u{201D}?",
            candidates: [near])
    }

    private func notFound(_ similar: [ControlCandidate]) -> ControlError {
        let hint =
            similar.isEmpty
            ? "; `swarmctl list` shows what there is, and an info-hash needs at least \(Self.fewestDigits) digits"
            : "; similar names exist"
        return ControlError(.notFound, "no torrent is called \u{201C}\(self.text)\u{201D}\(hint)", candidates: similar)
    }

    private func ambiguous(_ matches: [ControlCandidate]) -> ControlError {
        ControlError(
            .ambiguous,
            "\u{201C}\(self.text)\u{201D} means \(matches.count) torrents; use more digits of the info-hash",
            candidates: Array(matches.prefix(Self.mostCandidates)))
    }
}

extension InfoHash {
    /// Whether its lower-case hexadecimal form begins with `digits`; without making that form.
    fileprivate func begins(with digits: [UInt8]) -> Bool {
        var index = 0
        for byte in self.bytes {
            for nibble in [byte >> 4, byte & 15] {
                guard index < digits.count else { return true }
                guard digits[index] == (nibble < 10 ? 0x30 + nibble : 0x57 + nibble) else { return false }
                index += 1
            }
        }
        return true
    }
}
