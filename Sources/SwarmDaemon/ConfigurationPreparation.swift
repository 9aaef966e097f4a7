// SPDX-License-Identifier: Apache-2.0

import Logging
import StrategyHost
import SwarmConfig
import SwarmModel

/// What a new configuration needs of the machine, had before anything is changed: either all of it can be used, or
/// nothing happens. Reads the disk.
struct ConfigurationPreparation: Sendable {
    /// Something that cannot be had.
    struct Problem: Sendable {
        let key: String
        let message: String
    }

    /// The block list, when it was read.
    let filter: AddressFilter?
    /// What stands against it; nothing may be changed then.
    let problems: [Problem]

    /// Looks after whatever differs between the two, and with `rereads` after the block list in any case.
    init(
        _ wanted: DaemonConfiguration, replacing old: DaemonConfiguration, rereads: Bool, strategies: StrategyLibrary,
        logger: Logger
    ) {
        var problems: [Problem] = []
        func attempt(_ key: String, _ body: () throws -> Void) {
            do {
                try body()
            } catch {
                problems.append(Problem(key: key, message: "\(error)"))
            }
        }
        var filter: AddressFilter?
        if rereads || wanted.peer.blockList != old.peer.blockList {
            attempt("peer.block_list") { filter = try BlockListFile.read(wanted.peer.blockList, logger: logger) }
        }
        if wanted.daemon.downloadDirectory != old.daemon.downloadDirectory {
            attempt("daemon.download_dir") { try DownloadFolderMaker.make(wanted.daemon.downloadDirectory) }
        }
        if wanted.strategy.picker != old.strategy.picker {
            attempt("strategy.picker") { try strategies.host.check(.picker, named: wanted.strategy.picker) }
        }
        if wanted.strategy.choker != old.strategy.choker {
            attempt("strategy.choker") { try strategies.host.check(.choker, named: wanted.strategy.choker) }
        }
        self.filter = filter
        self.problems = problems
    }
}
