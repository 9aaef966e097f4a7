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
        /// Whether the key's name is at fault, and not its value.
        var isAboutName = false

        /// At its place in the files that say so.
        func located(in loaded: LoadedConfiguration<DaemonConfiguration>) -> ConfigurationProblem {
            self.isAboutName
                ? loaded.problem(withNameOf: self.key, self.message) : loaded.problem(with: self.key, self.message)
        }
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
        if let path = wanted.daemon.incompleteDirectory, path != old.daemon.incompleteDirectory {
            attempt("daemon.incomplete_dir") { try DownloadFolderMaker.make(path, "[daemon] incomplete_dir") }
        }
        if wanted.peer.encryption != old.peer.encryption {
            attempt("peer.encryption") { _ = try strategies.transports(wanted) }
        }
        if let problem = HookProblem.find(in: wanted.hook) {
            problems.append(Problem(key: HookProblem.key, message: problem))
        }
        let (new, old) = (wanted.strategy, old.strategy)
        if new.picker != old.picker {
            attempt("strategy.picker") { try strategies.check(.picker, named: new.picker) }
        }
        if new.choker != old.choker {
            attempt("strategy.choker") { try strategies.check(.choker, named: new.choker) }
        }
        if new.options != old.options {
            let faults = StrategyOptionProblem.all(in: new.options, strategies.survey().strategies)
            problems += faults.filter { !$0.isDoubtful }.map {
                Problem(key: $0.key, message: $0.message, isAboutName: $0.isAboutName)
            }
        }
        self.filter = filter
        self.problems = problems
    }
}
