// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel
import Testing

@Suite struct EnvelopeTests {
    @Test(arguments: [
        ("", "parse_error"), ("{", "parse_error"), ("hello", "parse_error"), ("{\"a\":01}", "parse_error"),
        ("{\"jsonrpc\":\"2.0\",\"method\":\"x\"} x", "parse_error"), ("[1,]", "parse_error"),
        ("1", "invalid_request"), ("[]", "invalid_request"), ("{}", "invalid_request"),
        (#"{"jsonrpc":"1.0","method":"x"}"#, "invalid_request"), (#"{"jsonrpc":"2.0"}"#, "invalid_request"),
        (#"{"jsonrpc":"2.0","method":3}"#, "invalid_request"),
        (#"{"jsonrpc":"2.0","method":"x","id":{}}"#, "invalid_request"),
        (#"{"jsonrpc":"2.0","method":"x","id":1.5}"#, "invalid_request"),
    ])
    func `a line that is no request is answered by what is wrong`(line: String, name: String) throws {
        guard case .invalid(let reply) = ControlIncoming(line: Array(line.utf8)) else {
            Issue.record("accepted")
            return
        }
        guard case .failure(let error) = reply.outcome else {
            Issue.record("no error")
            return
        }
        #expect(error.code.name == name)
        #expect(!error.message.isEmpty)
    }

    @Test func `an invalid request keeps its id`() {
        let line = Array(#"{"jsonrpc":"2.0","id":"a\u0062c"}"#.utf8)
        guard case .invalid(let reply) = ControlIncoming(line: line) else {
            Issue.record("accepted")
            return
        }
        #expect(reply.id == .text("abc"))
    }

    @Test func `a request without parameters gets an empty object`() throws {
        let line = Array(#" { "method" : "daemon.status" , "jsonrpc" : "2.0" , "id" : -3 } "#.utf8)
        let expected = ControlRequest(id: .number(-3), method: "daemon.status", params: Array("{}".utf8))
        #expect(ControlIncoming(line: line) == .request(expected))
        #expect(try expected.decoded(as: NoFields.self) == NoFields())
    }

    @Test func `a batch keeps its order and its bad elements`() {
        let line = Array(#"[{"jsonrpc":"2.0","id":1,"method":"a"},5,{"jsonrpc":"2.0","method":"b"}]"#.utf8)
        guard case .batch(let elements) = ControlIncoming(line: line), elements.count == 3 else {
            Issue.record("no batch of three")
            return
        }
        #expect(elements[0] == .request(ControlRequest(id: .number(1), method: "a", params: Array("{}".utf8))))
        guard case .invalid(let reply) = elements[1] else {
            Issue.record("accepted")
            return
        }
        #expect(reply.id == .null)
        #expect(elements[2] == .request(ControlRequest(id: nil, method: "b", params: Array("{}".utf8))))
    }

    @Test func `a batch beyond the limit is refused whole`() {
        let many = "[" + Array(repeating: "1", count: ControlProtocol.maximumBatch + 1).joined(separator: ",") + "]"
        guard case .invalid = ControlIncoming(line: Array(many.utf8)) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func `nesting beyond the limit is refused, not followed`() {
        let deep = String(repeating: "[", count: 1_000_000)
        guard case .invalid(let reply) = ControlIncoming(line: Array(deep.utf8)),
            case .failure(let error) = reply.outcome
        else {
            Issue.record("accepted")
            return
        }
        #expect(error.message.contains("nested too deeply"))
    }

    @Test(arguments: [
        (#"{"idd":"x"}"#, "did you mean id?"), (#"{}"#, "the field id is missing"), (#"{"id":5}"#, "a string"),
        (#"{"id":null}"#, "id"), (#"[1]"#, "by name"), (#"{"id":"x","delete_data":"yes"}"#, "true or false"),
        (#"{"id":"x","zzzzzzzzzzz":1}"#, "no field is called"),
    ])
    func `a parameter that does not fit is named`(params: String, words: String) {
        let request = ControlRequest(id: .number(1), method: "torrent.remove", params: Array(params.utf8))
        let error = #expect(throws: ControlError.self) { try request.decoded(as: TorrentRemove.Params.self) }
        #expect(error?.code == .invalidParams)
        #expect(error?.message.hasPrefix("torrent.remove: ") == true)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [#"{}"#, #"{"magnet":"a","url":"b"}"#, #"{"info_hash":"zz"}"#, #"{"metainfo":"*"}"#])
    func `a torrent comes from exactly one source`(params: String) {
        let request = ControlRequest(id: .number(1), method: "torrent.add", params: Array(params.utf8))
        #expect(throws: ControlError.self) { try request.decoded(as: TorrentAdd.Params.self) }
    }

    @Test func `errors keep code, words and candidates`() throws {
        for code in ControlErrorCode.allCases {
            let candidates = [ControlCandidate(infoHash: Samples.hash, name: "x"), ControlCandidate(name: "y")]
            let reply = ControlReply(id: .null, .failure(ControlError(code, "words", candidates: candidates)))
            #expect(try ControlReply(line: reply.text) == reply)
        }
    }

    @Test func `an error code of a later version is still an error`() throws {
        let line = Array(#"{"jsonrpc":"2.0","id":1,"error":{"code":-31999,"message":"m"}}"#.utf8)
        #expect(try ControlReply(line: line).outcome == .failure(ControlError(.internalError, "m")))
    }

    @Test(arguments: ["", "x", "{}", "[]", #"{"error":1}"#, #"{"id":{},"result":1}"#])
    func `an answer that is none is an error, not a trap`(line: String) {
        #expect(throws: ControlError.self) { try ControlReply(line: Array(line.utf8)) }
    }

    @Test func `random bytes and damaged requests never trap`() throws {
        var random = SplitMix64(seed: 0x5EED)
        let good = try ControlRequest(TorrentAdd.self, .init(source: .magnet("m")), id: .text("x")).line
        for _ in 0..<5_000 {
            var line = good
            for _ in 0..<(1 + Int(random.next() % 4)) {
                let place = Int(random.next() % UInt64(line.count))
                switch random.next() % 3 {
                case 0: line[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: line.remove(at: place)
                default: line.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
            }
            if case .request(let request) = ControlIncoming(line: line) {
                _ = try? request.decoded(as: TorrentAdd.Params.self)
            }
        }
    }
}
