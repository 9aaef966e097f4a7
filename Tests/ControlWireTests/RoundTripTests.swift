// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel
import Testing

@Suite struct RoundTripTests {
    @Test func `parameters survive the wire`() throws {
        try self.check(
            TorrentAdd.self,
            .init(
                source: .metainfo(Base64Bytes([0, 255, 10, 13])), dir: "/a b", paused: true, picker: "p", choker: "c",
                trackers: ["http://x"], labels: ["l"], moveTo: "/m"))
        try self.check(TorrentAdd.self, .init(source: .magnet("magnet:?xt=1&dn=2")))
        try self.check(TorrentAdd.self, .init(source: .url("https://x/y.torrent")))
        try self.check(TorrentAdd.self, .init(source: .infoHash(Samples.hash)))
        try self.check(
            TorrentShare.self,
            .init(
                path: "/p", trackers: ["t"], pieceLength: 1 << 14, isPrivate: true, kind: .v1, comment: "c",
                picker: "p", choker: "k"))
        try self.check(
            TorrentList.self,
            .init(
                ids: ["abcd"], states: TorrentState.allCases, text: "t", labels: ["l"], limit: 5, after: "c", offset: 2,
                fields: ["name"]))
        try self.check(TorrentRemove.self, .init(id: "abcd", deleteData: true))
        try self.check(TorrentSet.self, .init(id: "abcd", picker: "p", choker: ControlProtocol.defaultStrategy))
        try self.check(TorrentSet.self, .init(id: "abcd"))
        try self.check(
            TorrentSet.self,
            .init(id: "abcd", seedRatio: "1.5", seedTime: "0", seedIdle: "default", moveTo: "/m"))
        try self.check(TorrentLabel.self, .init(id: "abcd", add: ["a b", "ä"], remove: ["c"]))
        for step in QueueStep.allCases { try self.check(TorrentQueue.self, .init(id: "abcd", step: step)) }
        try self.check(TorrentMove.self, .init(id: "abcd", dir: "/srv"))
        try self.check(StrategyGet.self, .init(id: "abcd"))
        try self.check(StrategyGet.self, .init())
        try self.check(CatalogueSearch.self, .init(text: "t", limit: 3))
        try self.check(
            CatalogueGet.self, .init(id: "x", dir: "/d", paused: true, picker: "p", choker: "c"))
        try self.check(JobShow.self, .init(job: 4))
        try self.check(ConfigGet.self, .init(key: "log.level"))
        try self.check(ConfigGet.self, .init())
        try self.check(ConfigSet.self, .init(key: "log.level", value: "\"debug\""))
        try self.check(ConfigUnset.self, .init(key: "log.level"))
        try self.check(DaemonStatus.self, NoFields())
        try self.check(EventsSubscribe.self, .init(since: "c", events: ["torrent-added"], id: "abcd"))
        try self.check(EventsSubscribe.self, .init())
        try self.check(TorrentShow.self, Samples.selector)
    }

    @Test func `results survive the wire`() throws {
        try self.check(Samples.summary)
        try self.check(TorrentSummary(infoHash: Samples.hash, name: "", state: .seeding))
        try self.check(Samples.detail)
        try self.check(TorrentDetail(summary: Samples.summary))
        try self.check(TorrentList.Result(torrents: [Samples.summary, Samples.summary], next: "x", total: 3))
        try self.check(Samples.reference)
        try self.check(TorrentLabels(infoHash: Samples.hash, name: "n", labels: ["l", "m"]))
        try self.check(Samples.job)
        try self.check(TorrentTrackers.Result(trackers: [Samples.tracker]))
        try self.check(HashTableStatus(nodes: 1, nodes6: 2, searched: 3, stored: 4, answered: 5, dropped: 6))
        try self.check(PortMappingStatus(state: .none))
        try self.check(
            PortMappingStatus(
                state: .mapped, method: "UPnP",
                ports: [ForwardedPort(protocol: "tcp", port: 1, externalPort: 2, externalAddress: "a")]))
        try self.check(
            TorrentFiles.Result(files: [FileStatus(index: 0, path: "a/b", size: 3, done: 2, priority: 0)]))
        try self.check(
            TorrentPieces.Result(
                pieceCount: 9, pieceLength: 1, have: Base64Bytes([0x80, 1]), inFlight: [3],
                availability: Base64Bytes([255])))
        try self.check(
            TorrentMetainfo.Result(infoHash: Samples.hash, name: "n", metainfo: Base64Bytes([1]), magnet: "m"))
        try self.check(
            CatalogueSearch.Result(
                entries: [
                    CatalogueEntry(
                        infoHash: Samples.hash, name: "n", size: 1, files: 2, tracker: "t", added: 3, seeds: 4, peers: 5
                    )
                ], failures: ["f"]))
        try self.check(
            ConfigGet.Result(
                path: "/p",
                settings: ConfigOrigin.allCases.map {
                    ConfigSetting(
                        key: "k", value: "1", origin: $0, place: "f:2", configured: "3", live: true, accepts: "a",
                        help: "h")
                }))
        try self.check(
            ConfigSetting(key: "k", value: nil, origin: .default, live: false, accepts: "a", help: "h"))
        try self.check(EventsSubscribe.Result(cursor: "c"))
        try self.check(Samples.event)
        try self.check(EventsDropped(cursor: "c", message: "m"))
        try self.check(DaemonVersion.Result(version: "1", protocolVersion: 1))
        try self.check(
            DaemonPlugins.Result(plugins: [
                PluginStatus(
                    kind: "picker", name: "n", version: "1", summary: "s", path: "/p", isDefault: true, faults: 1,
                    disabled: true)
            ]))
        try self.check(
            DaemonPlugins.Result(
                plugins: [
                    PluginStatus(
                        kind: "choker", name: "n", version: "1", interface: "1.1", summary: "s", path: "/p",
                        isDefault: false, calls: 7, meanTime: 3,
                        options: [
                            PluginOption(
                                key: "k", type: "integer", value: "5", default: "4", minimum: -1, maximum: 9, help: "h"),
                            PluginOption(key: "t", type: "text", value: "", default: "", help: "h"),
                        ])
                ], unusable: [PluginFailure(message: "m")]))
        try self.check(
            StrategyGet.Result(picker: "p", choker: "c", transports: ["t"], torrents: [Samples.strategies]))
        try self.check(
            TorrentStrategies(
                infoHash: Samples.hash, name: "n", picker: "p", choker: "c", ownPicker: false, ownChoker: false,
                compression: "auto", ownCompression: false, superSeeding: false))
    }

    @Test func `a summary has all its fields, null for what is not there`() throws {
        let text = try JSONCoding.encode(TorrentSummary(infoHash: Samples.hash, name: "n", state: .seeding))
        #expect(
            String(decoding: text, as: UTF8.self) == """
                {"down_rate":0,"downloaded":0,"error":null,"eta":null,\
                "info_hash":"0123456789abcdef0123456789abcdef01234567","labels":[],"name":"n","peers":0,"progress":0,\
                "queue_position":null,"seeds":0,\
                "size":0,"state":"seeding","up_rate":0,"uploaded":0}
                """)
    }

    @Test func `a detail has all its fields, null for what is not there`() throws {
        let text = try JSONCoding.encode(TorrentDetail(summary: Samples.summary))
        guard case .object(let members) = try JSONOutline(of: text) else {
            Issue.record("no object")
            return
        }
        #expect(Set(members.map(\.key)) == Set(TorrentDetail.fieldNames))
        #expect(members.count == TorrentDetail.fieldNames.count)
    }

    @Test func `the last page of a list has no next`() throws {
        let text = try JSONCoding.encode(TorrentList.Result(torrents: []))
        #expect(String(decoding: text, as: UTF8.self) == #"{"torrents":[]}"#)
    }

    @Test func `numbers that are none do not break an answer`() throws {
        let summary = TorrentSummary(infoHash: Samples.hash, name: "n", state: .seeding, progress: .nan)
        #expect(summary.progress == 0)
        var detail = TorrentDetail(summary: summary)
        detail.ratio = .infinity
        let back = try JSONCoding.decode(TorrentDetail.self, from: try JSONCoding.encode(detail))
        #expect(back.ratio == 0)
    }

    @Test func `fields with a default may be absent`() throws {
        let add = try JSONCoding.decode(TorrentAdd.Params.self, from: Array(#"{"magnet":"m"}"#.utf8))
        #expect(add == TorrentAdd.Params(source: .magnet("m")))
        let share = try JSONCoding.decode(TorrentShare.Params.self, from: Array(#"{"path":"/p"}"#.utf8))
        #expect(share.kind == .v1)
        let removal = try JSONCoding.decode(TorrentRemove.Params.self, from: Array(#"{"id":"x"}"#.utf8))
        #expect(!removal.deleteData)
    }

    private func check<Method: ControlMethod>(
        _ method: Method.Type, _ params: Method.Params, line: Int = #line
    ) throws {
        let request = try ControlRequest(method, params, id: .number(7))
        let text = try request.line
        #expect(text.count { $0 == 10 } == 1)
        guard case .request(let back) = ControlIncoming(line: text.dropLast()) else {
            Issue.record("not a request: line \(line)")
            return
        }
        #expect(back == request)
        #expect(try back.decoded(as: Method.Params.self) == params)
    }

    private func check<Result: ControlObject>(_ result: Result) throws {
        let reply = ControlReply(id: .text("a"), .success(try JSONCoding.encode(result)))
        let back = try ControlReply(line: reply.text)
        #expect(back == reply)
        #expect(try JSONCoding.decode(Result.self, from: try back.outcome.get()) == result)
    }
}
