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

    /// Calls one method for each torrent; one that fails does not keep the others from their turn. With `--json` it is
    /// `{"results":[…]}`, a result or `{"id","error"}` for each.
    func forEach(_ ids: [String], _ body: (ControlClient, TorrentSelector) throws(Failure) -> Answer) throws(Failure) {
        let client = try self.connect()
        var results: [[UInt8]] = []
        var failed = false
        for id in ids {
            do throws(Failure) {
                let answer = try body(client, TorrentSelector(id))
                results.append(answer.text)
                if !self.json { Output.write(answer.words) }
            } catch .refused(let error) {
                failed = true
                Output.complain(Report.error(error))
                results.append((try? JSONCoding.encode(FailedResult(id: id, error: error))) ?? Array("null".utf8))
            }
        }
        if self.json {
            let list = results.joined(separator: Array(",".utf8))
            Output.line(Array(#"{"results":["#.utf8) + list + Array("]}".utf8))
        }
        if failed { throw .partly }
    }

    /// Calls a method that tells of a torrent, for each of them. One torrent's result is printed as `show` does, those of
    /// several below a heading each, or with `--json` as `forEach` does.
    func look<Method: ControlMethod>(
        at ids: [String], _ method: Method.Type, words: (Method.Result) -> String
    ) throws(Failure) where Method.Params == SelectorParams {
        if ids.count == 1 {
            return try self.show(method, SelectorParams(id: TorrentSelector(ids[0])), words: words)
        }
        try self.forEach(ids) { client, id throws(Failure) in
            let text = try client.callForText(method, SelectorParams(id: id))
            let result = try ControlClient.decode(Method.Result.self, text)
            return Answer(text: text, words: Self.heading(id) + words(result))
        }
    }

    /// What stands over the part about one of several torrents, as head(1) has it.
    static func heading(_ id: TorrentSelector) -> String { "==> \(Printable.clean(id.text)) <==\n" }

    /// What a method answered, as JSON text and in words.
    struct Answer {
        let text: [UInt8]
        let words: String
    }

    private struct FailedResult: Encodable {
        let id: String
        let error: ControlError
    }
}
