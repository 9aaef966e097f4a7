// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc

/// The options that every command has.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's control socket.", valueName: "path"), completion: .file())
    var socket: String?

    @Flag(help: "Print the daemon's answer as JSON.")
    var json = false

    /// The same, with the tracker's socket where none is named.
    var ofTracker: GlobalOptions {
        var options = self
        if options.socket == nil, getenv(ControlProtocol.socketVariable).map({ $0[0] == 0 }) ?? true {
            options.socket = ControlProtocol.trackerSocket
        }
        return options
    }

    /// Connects to the daemon that the option, the environment or the default names, which may take `patience` seconds for
    /// an answer.
    func connect(patience: Int = ControlClient.patience) throws(Failure) -> ControlClient {
        let variable = getenv(ControlProtocol.socketVariable).map { String(cString: $0) } ?? ""
        return try ControlClient(
            path: self.socket ?? (variable.isEmpty ? ControlProtocol.defaultSocket : variable),
            patience: patience)
    }

    /// Calls one method and prints its result: as it came with `--json`, in words otherwise.
    func show<Method: ControlMethod>(
        _ method: Method.Type, _ params: Method.Params, words: (Method.Result) -> String
    ) throws(Failure) {
        let text = try self.connect().callForText(method, params)
        if self.json {
            Output.line(text)
        } else {
            Output.write(words(try ControlClient.decode(Method.Result.self, text)))
        }
    }
}
