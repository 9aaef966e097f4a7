// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import SwarmModel

extension GlobalOptions {
    /// What a method answered, as JSON text and in words.
    struct Answer {
        let text: [UInt8]
        let words: String
    }

    /// A torrent as somebody named it, and as the daemon is asked for it.
    struct NamedTorrent {
        let name: String
        let id: TorrentSelector
    }

    /// What stands over the part about one of several torrents, as head(1) has it.
    static func heading(_ name: String) -> String { "==> \(Printable.clean(name)) <==\n" }

    // MARK: - Looking

    /// Calls a method that tells of a torrent, for each of them. One torrent's result is printed as `show` does, those of
    /// several below a heading each, or with `--json` as `forEach` does.
    func look<Method: ControlMethod>(
        at ids: [String], _ method: Method.Type, words: (Method.Result) -> String
    ) throws(Failure) where Method.Params == SelectorParams {
        try self.look(at: ids, method, params: { SelectorParams(id: TorrentSelector($0)) }, words: words)
    }

    /// The same with parameters of the method's own.
    func look<Method: ControlMethod>(
        at ids: [String], _ method: Method.Type, params: (String) -> Method.Params, words: (Method.Result) -> String
    ) throws(Failure) {
        if ids.count == 1 { return try self.show(method, params(ids[0]), words: words) }
        try self.forEach(ids) { client, id throws(Failure) in
            let text = try client.callForText(method, params(id))
            let result = try ControlClient.decode(Method.Result.self, text)
            return Answer(text: text, words: Self.heading(id) + words(result))
        }
    }

    /// Does something for each of `names`; one that fails does not keep the others from their turn. With `--json` it is
    /// `{"results":[…]}`, a result or `{"id","error"}` for each.
    func forEach(_ names: [String], _ body: (ControlClient, String) throws(Failure) -> Answer) throws(Failure) {
        let client = try self.connect()
        try self.forEach(names, named: { $0 }) { name throws(Failure) in try body(client, name) }
    }

    // MARK: - Changing

    /// Changes torrents, in the order in which they are named. Before the first one is changed all have been found: when one
    /// of several is not there, or means more than one, nothing happens to any. With `--json` as `forEach`.
    func change(
        _ ids: [String], _ body: (ControlClient, NamedTorrent) throws(Failure) -> Answer
    ) throws(Failure) {
        let client = try self.connect()
        try self.forEach(try self.found(ids, client), named: { $0.name }) { torrent throws(Failure) in
            try body(client, torrent)
        }
    }

    /// The same for a command whose answer about one torrent is printed as it is, without a list around it; the words about
    /// each of several stand below a heading if they do not name it themselves.
    func changeOneOrMore(
        _ ids: [String], heading: Bool = false, _ body: (ControlClient, NamedTorrent) throws(Failure) -> Answer
    ) throws(Failure) {
        guard ids.count == 1 else {
            return try self.change(ids) { client, torrent throws(Failure) in
                let answer = try body(client, torrent)
                let words = (heading ? Self.heading(torrent.name) : "") + answer.words
                return Answer(text: answer.text, words: words)
            }
        }
        let answer = try body(try self.connect(), NamedTorrent(name: ids[0], id: TorrentSelector(ids[0])))
        if self.json { Output.line(answer.text) } else { Output.write(answer.words) }
    }

    /// All the torrents, each once, by their info-hashes. One alone the daemon finds by itself when it is asked to change it.
    private func found(_ ids: [String], _ client: ControlClient) throws(Failure) -> [NamedTorrent] {
        guard ids.count > 1 else { return ids.map { NamedTorrent(name: $0, id: TorrentSelector($0)) } }
        var torrents: [NamedTorrent] = []
        var seen: Set<InfoHash> = []
        var errors: [ControlError?] = []
        for id in ids {
            do throws(Failure) {
                let list = try client.call(TorrentList.self, .init(ids: [TorrentSelector(id)]))
                errors.append(nil)
                guard let hash = list.torrents.first?.infoHash, seen.insert(hash).inserted else { continue }
                torrents.append(NamedTorrent(name: id, id: TorrentSelector(hash.description)))
            } catch .refused(let error) {
                errors.append(error)
                Output.complain(Report.error(error))
            }
        }
        guard errors.contains(where: { $0 != nil }) else { return torrents }
        Output.complain("swarmctl: no torrent was changed\n")
        if self.json {
            let untouched = ControlError(.cancelled, "not changed, because another torrent was not found")
            self.list(zip(ids, errors).map { Self.failure($0, $1 ?? untouched) })
        }
        throw .partly
    }

    // MARK: - Lists of results

    /// Does something for each of some things, as `forEach` for names does.
    func forEach<Item>(
        _ items: [Item], named name: (Item) -> String, _ body: (Item) throws(Failure) -> Answer
    ) throws(Failure) {
        var results: [[UInt8]] = []
        var failed = false
        for item in items {
            do throws(Failure) {
                let answer = try body(item)
                results.append(answer.text)
                if !self.json { Output.write(answer.words) }
            } catch {
                // What holds for all of them ends it: the daemon has gone, or the time is over.
                guard error.exitStatus == Failure.failedStatus, let reason = error.controlError else { throw error }
                failed = true
                Output.complain(error.text)
                results.append(Self.failure(name(item), reason))
            }
        }
        if self.json { self.list(results) }
        if failed { throw .partly }
    }

    private func list(_ results: [[UInt8]]) {
        let list = results.joined(separator: Array(",".utf8))
        Output.line(Array(#"{"results":["#.utf8) + list + Array("]}".utf8))
    }

    private static func failure(_ id: String, _ error: ControlError) -> [UInt8] {
        (try? JSONCoding.encode(FailedResult(id: id, error: error))) ?? Array("null".utf8)
    }

    private struct FailedResult: Encodable {
        let id: String
        let error: ControlError
    }
}
