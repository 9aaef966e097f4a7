// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText

/// Where a torrent goes and how it starts: what `add` and `get` have in common.
struct PlacementOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that the payload goes below.", valueName: "folder"), completion: .directory)
    var dir: String?

    @Option(
        name: .customLong("move-to"),
        help: ArgumentHelp("The folder that its files go to when it is complete.", valueName: "folder"),
        completion: .directory)
    var moveTo: String?

    @Flag(help: "Do not start it yet.")
    var paused = false

    @Option(help: ArgumentHelp("The piece picker to use.", valueName: "name"), completion: NameCompletion.pickers)
    var picker: String?

    @Option(help: ArgumentHelp("The choker to use.", valueName: "name"), completion: NameCompletion.chokers)
    var choker: String?

    @Option(
        name: .customLong("label"), help: ArgumentHelp("Mark it with this; may be repeated.", valueName: "label"))
    var labels: [String] = []

    @Flag(help: "Wait until it is complete, and show how far it is.")
    var wait = false

    @Option(
        help: ArgumentHelp("With --wait, wait at most so long; exit status 4 tells of it.", valueName: "duration"))
    var timeout: String?

    /// The longest wait in seconds; nil for no end.
    var patience: Int? { self.timeout.flatMap { DurationText.parse($0) } }

    /// Refuses to wait for what was told not to start.
    func check() throws {
        if self.wait, self.paused {
            throw ValidationError("--wait with --paused would wait for ever; leave one of them out")
        }
        guard let timeout = self.timeout else { return }
        if !self.wait { throw ValidationError("--timeout goes with --wait") }
        if self.patience == nil {
            throw ValidationError("--timeout is a duration such as 90s or 2h, not \u{201C}\(timeout)\u{201D}")
        }
    }

    /// The folder as the daemon needs it.
    func absoluteFolder() throws(Failure) -> String? {
        guard let dir = self.dir else { return nil }
        return try LocalFile.absolute(dir)
    }

    /// The folder that its files go to, likewise.
    func absoluteGoal() throws(Failure) -> String? {
        guard let moveTo = self.moveTo else { return nil }
        return try LocalFile.absolute(moveTo)
    }
}
