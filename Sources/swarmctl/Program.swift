// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc
import SwarmModel

/// Runs the command that the arguments name, and turns every way of failing into a message and an exit status.
@main
enum Program {
    static func main() {
        let arguments = ArgumentOrder.commandFirst(Array(CommandLine.arguments.dropFirst()))
        do {
            try Self.checkCommand(arguments)
            var command = try Swarmctl.parseAsRoot(arguments)
            try command.run()
        } catch let failure as Failure {
            if arguments.contains("--json"), let error = failure.controlError,
                let text = try? JSONCoding.encode(["error": error])
            {
                Output.line(text)
            }
            Output.complain(failure.text)
            exit(failure.exitStatus)
        } catch {
            Self.finish(error, json: arguments.contains("--json"))
        }
    }

    /// Help and version are errors to the parser too, but good ones.
    private static func finish(_ error: any Error, json: Bool) -> Never {
        let code = Swarmctl.exitCode(for: error)
        let message = Swarmctl.fullMessage(for: error)
        if code == .success {
            Output.write(message + "\n")
            exit(0)
        }
        if json {
            let answer = ControlError(.invalidParams, Swarmctl.message(for: error))
            if let text = try? JSONCoding.encode(["error": answer]) { Output.line(text) }
        }
        if !message.isEmpty { Output.complain(Self.named(message) + "\n") }
        exit(code == .validationFailure ? Failure.usageStatus : code.rawValue)
    }

    /// The parser's message as all others of this program begin.
    private static func named(_ message: String) -> String {
        let head = "Error: "
        return message.hasPrefix(head) ? "swarmctl: " + message.dropFirst(head.count) : message
    }

    /// A misspelt command gets the nearest one, before the parser complains of an unexpected argument.
    private static func checkCommand(_ arguments: [String]) throws(Failure) {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        guard let first = words.first, !first.hasPrefix("-") else { return }
        try Self.check(first, among: Swarmctl.configuration.subcommands, of: "swarmctl")
        let members = TrackerCommand.configuration
        guard first == members.commandName, let second = words.dropFirst().first, !second.hasPrefix("-") else {
            return
        }
        try Self.check(second, among: members.subcommands, of: "swarmctl \(first)")
    }

    private static func check(
        _ word: String, among commands: [any ParsableCommand.Type], of program: String
    ) throws(Failure) {
        let names = commands.compactMap { $0.configuration.commandName } + ["help"]
        guard !names.contains(word) else { return }
        let hint = NearestName.nearest(to: word, among: names).map { "did you mean \u{201C}\($0)\u{201D}?" }
        throw .usage(
            "there is no command \u{201C}\(word)\u{201D}; \(hint ?? "`\(program) --help` lists the commands")")
    }
}
