// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import PeerNetwork
import StateStore
import SwarmConfig
import SwarmEvents

/// Torrents whose files lie in one place until they are complete, and go to another then.
extension TorrentDirectory {
    /// Where a torrent's files lie at first, and where they go when it is complete. What is there already stays there; `top`
    /// is nil while nobody knows what the files are called.
    func placement(
        _ options: Options, _ top: PayloadFolder.Top?
    ) throws(ControlError) -> (folder: PayloadFolder, moveTo: String?) {
        let goal = options.moveTo?.path
        let incomplete = self.services.configuration.daemon.incompleteDirectory
        guard options.have == nil, let incomplete, incomplete != options.folder.path else {
            return (options.folder, goal == options.folder.path ? nil : goal)
        }
        if let top, options.folder.holds(top) { return (options.folder, goal) }
        return (try PayloadFolder(incomplete), goal ?? options.folder.path)
    }

    /// Whether a folder is the daemon's own, where nothing was before it came.
    func isOwn(_ folder: String) -> Bool {
        let settings = self.services.configuration.daemon
        return folder == settings.downloadDirectory || folder == settings.incompleteDirectory
    }

    /// Has the files of a complete torrent moved to where they are to be, if they are to go anywhere.
    func moveWhenComplete(_ entry: TorrentEntry) {
        guard let goal = entry.record.moveTo, self.isComplete(entry), entry.moveProblem == nil, !entry.isMoving,
            !self.isStopping, !entry.isRemoved
        else { return }
        entry.isMoving = true
        self.enqueue(entry) { directory, entry in
            await directory.moveNow(entry, to: goal)
            entry.isMoving = false
        }
    }

    private func moveNow(_ entry: TorrentEntry, to goal: String) async {
        guard entry.record.moveTo == goal, !self.isStopping, !entry.isRemoved else { return }
        guard goal != entry.record.folder else { return await self.stay(entry) }
        do {
            try self.admitMove(entry, try PayloadFolder(goal))
            try await self.moveNow(entry, to: goal, progress: JobProgress())
        } catch is CancellationError {
            return
        } catch {
            let reason = ControlError(describing: error).message
            entry.moveProblem = reason
            self.logger.event(
                .moveFailed, "\(entry.outline.name) is complete, but stays in \(entry.record.folder): \(reason)",
                entry.logFields.merging(["store.path": "\(goal)", "error.message": "\(reason)"]) { $1 })
        }
    }

    /// Files are where they are to be.
    func stay(_ entry: TorrentEntry) async {
        guard entry.record.moveTo != nil else { return }
        entry.record.moveTo = nil
        entry.moveProblem = nil
        await self.save(entry, .moveTo(nil))
    }

    /// Tries again to move what could not be moved, where nothing stands in the way any more, and what was overlooked.
    func retryMoves() {
        for entry in self.entries.values {
            guard let goal = entry.record.moveTo, !entry.isMoving, self.isComplete(entry) else { continue }
            if case .asleep = entry.life { continue }
            if entry.moveProblem != nil {
                guard let folder = try? PayloadFolder(goal), (try? self.admitMove(entry, folder)) != nil else {
                    continue
                }
                entry.moveProblem = nil
            }
            self.moveWhenComplete(entry)
        }
    }

    /// Chooses where a torrent's files go when it is complete; nil has them stay.
    func take(moveTo goal: String?, of entry: TorrentEntry) -> [TorrentChange] {
        guard entry.record.moveTo != goal else { return [] }
        entry.record.moveTo = goal
        entry.moveProblem = nil
        return [.moveTo(goal)]
    }

    /// Why a complete torrent is not where it is to be; nil when nothing stands in the way.
    func moveReason(of entry: TorrentEntry) -> String? {
        entry.moveProblem.map { "it is complete, but stays in \(entry.record.folder): \($0)" }
    }
}
