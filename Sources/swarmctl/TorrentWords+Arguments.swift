// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText

extension TorrentWords {
    /// Divides what was given on the command line; what is wrong with it is wrong usage.
    init(given words: [String], torrentFirst: Bool = true, isChange: (String) -> Bool = { $0.contains("=") }) throws {
        do throws(Misplaced) {
            try self.init(words, torrentFirst: torrentFirst, isChange: isChange)
        } catch {
            throw ValidationError(error.description)
        }
    }

    /// Refuses torrents without a change, and a change without a torrent; `example` is a change.
    func checkComplete(of command: String, example: String) throws {
        guard self.changes.isEmpty, let first = self.torrents.first else { return }
        guard self.torrents.count == 1, first.contains("=") else {
            throw ValidationError("what is to be chosen? for instance swarmctl \(command) \(first) \(example)")
        }
        throw ValidationError("which torrent? for instance swarmctl \(command) release-42 \(first)")
    }
}
