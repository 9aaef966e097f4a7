// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Tries plugin files in a process of their own, so that one that crashes while it is loaded takes nobody with it.
///
/// The process is swarmd itself, started with `--probe-plugin PATH` for each file. It answers on descriptor 3: a line when
/// it is ready, and one for each file as soon as that was loaded and had described itself.
package struct PluginProbe: Sendable {
    /// The program that is started: swarmd.
    let program: String
    /// Milliseconds that one file may take.
    let patience: Int

    /// What a file's trial led to.
    enum Verdict: Hashable, Sendable {
        /// It was loaded and described itself well.
        case sound
        /// It must not be loaded, and why.
        case bad(StrategyError)
        /// It could not be tried.
        case untried
    }

    /// Tries with `program`, which must be swarmd; a file may take `patience` milliseconds.
    package init(program: String, patience: Int = 10_000) {
        self.program = program
        self.patience = patience
    }

    /// Tries with this program when it is swarmd, else with the swarmd beside it; nil where there is none.
    package static func ofThisProgram() -> PluginProbe? {
        guard let folder = PluginFolder.ofExecutable()?.path else { return nil }
        if [folder + "/swarmd", folder + "/swarmd (deleted)"].contains(PluginFolder.executable()) {
            // Even when another version was installed in its place meanwhile, this is the one that runs.
            return PluginProbe(program: "/proc/self/exe")
        }
        return access(folder + "/swarmd", X_OK) == 0 ? PluginProbe(program: folder + "/swarmd") : nil
    }

    /// The verdict on each of the files, in their order. Waits for the processes that it needs: one, and one more for each
    /// file that ends it.
    func verdicts(on paths: [String]) -> [Verdict] {
        var verdicts: [Verdict] = []
        while verdicts.count < paths.count {
            let rest = Array(paths[verdicts.count...])
            let trial = self.run(rest)
            guard trial.isReady || trial.end == -ETIMEDOUT else { return verdicts + rest.map { _ in .untried } }
            verdicts += zip(rest, trial.answers).map { ProbeAnswer.verdict($1, on: $0) }
            // It ended, or was ended, over the next file.
            if trial.answers.count < rest.count {
                verdicts.append(.bad(Self.error(trial.end, rest[trial.answers.count], patience: self.patience)))
            }
        }
        return verdicts
    }

    private struct Trial {
        var isReady = false
        var answers: [String] = []
        /// As `clinux_reap` says it.
        var end: CInt = 0
    }

    private func run(_ paths: [String]) -> Trial {
        var trial = Trial()
        var output: CInt = -1
        let words = [self.program] + paths.flatMap { [ProbeAnswer.option, $0] }
        let process = Self.withCStrings(words) { clinux_spawn_apart(self.program, $0, &output) }
        guard process > 0 else { return trial }
        var lines = self.lines(from: output, atMost: paths.count + 1, isLate: &trial.end)
        close(output)
        let end = clinux_reap(process, trial.end == 0 ? 1000 : 0)
        if trial.end == 0 { trial.end = end }
        trial.isReady = lines.first == ProbeAnswer.ready
        if trial.isReady { lines.removeFirst() }
        trial.answers = lines
        return trial
    }

    /// Reads whole lines, until there are enough of them, the writer is gone, or it has been silent for too long.
    private func lines(from descriptor: CInt, atMost limit: Int, isLate end: inout CInt) -> [String] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count(where: { $0 == ProbeAnswer.newline }) < limit, bytes.count < limit * ProbeAnswer.longest {
            guard clinux_wait_readable(descriptor, CInt(self.patience)) == 1 else {
                end = -ETIMEDOUT
                break
            }
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        let whole = bytes[...(bytes.lastIndex(of: ProbeAnswer.newline) ?? -1)]
        return whole.split(separator: ProbeAnswer.newline).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func error(_ end: CInt, _ path: String, patience: Int) -> StrategyError {
        let what =
            switch end {
            case -ETIMEDOUT: "was not loaded after \(patience / 1000) s"
            case 256...: "crashed while it was loaded (\(Self.signal(end - 256)))"
            default: "ended the program that loaded it"
            }
        return StrategyError(
            code: .crashed,
            message: "plugin \(path) \(what): something is wrong in its constructors or in swarm_plugin_entry; ask its "
                + "author")
    }

    private static func signal(_ number: CInt) -> String {
        strsignal(number).map { String(cString: $0).lowercased() } ?? "signal \(number)"
    }

    private static func withCStrings(
        _ words: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> pid_t
    ) -> pid_t {
        let copies = words.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { $0.map { UnsafePointer($0) } } + [nil]
        return pointers.withUnsafeBufferPointer { $0.baseAddress.map(body) ?? -1 }
    }
}
