// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import Glibc
import SwarmModel
import TestSeeds
import Testing

@Suite struct MalformedLinesTests {
    /// Lines that are thrown at the socket, as many as at the daemon itself in the interop test.
    private static let count = getenv("SWARM_FUZZ").flatMap { Int(String(cString: $0)) } ?? 20_000
    private static let linesAtOnce = 2_000

    private static let seeds = [
        #"{"jsonrpc":"2.0","id":1,"method":"daemon.version"}"#,
        #"{"jsonrpc":"2.0","id":"x","method":"torrent.pause","params":{"id":"3f2a"}}"#,
        #"[{"jsonrpc":"2.0","id":1,"method":"daemon.version"},{"jsonrpc":"2.0","method":"torrent.pause"}]"#,
        #"{"jsonrpc":"2.0","id":-9223372036854775808,"method":"torrent.list","params":{"limit":1e400,"fields":["a"]}}"#,
        #"{"\u0000":"\ud800\udc00","id":[[[[]]]],"jsonrpc":null}"#,
        "[" + String(repeating: "[", count: 40) + "]", "nul", "-", "\"", "0x1", "",
        String(repeating: "9", count: 400),
        #"{"jsonrpc":"2.0","id":1,"method":"\#(String(repeating: "m", count: 3_000))"}"#,
    ].map { Array($0.utf8) }

    /// A line that is like one of the seeds, and mostly none.
    private static func line(_ random: inout SplitMix64) -> [UInt8] {
        var line = Self.seeds[Int(random.next() % UInt64(Self.seeds.count))]
        for _ in 0..<1 + random.next() % 6 {
            let place = line.isEmpty ? 0 : Int(random.next() % UInt64(line.count))
            switch random.next() % 5 {
            case 0: line.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            case 1 where !line.isEmpty: line[place] = UInt8(truncatingIfNeeded: random.next())
            case 2 where !line.isEmpty: line.removeLast(line.count - place)
            case 3 where !line.isEmpty: line.insert(contentsOf: line[place...].prefix(40), at: place)
            case 4 where !line.isEmpty: line.remove(at: place)
            default: line.append(contentsOf: Array("\"{}[]:,\\u".utf8).shuffled(using: &random))
            }
        }
        return line.filter { $0 != UInt8(ascii: "\n") }
    }

    @Test func `any line gets at most one answer, and others are served`() async throws {
        let seed = TestSeed.one("malformed lines")
        try await ServerFixture.run { path in
            var random = SplitMix64(seed: seed)
            var done = 0
            while done < Self.count {
                let lines = (0..<min(Self.linesAtOnce, Self.count - done)).map { _ in Self.line(&random) }
                done += lines.count
                let answers = try await TestClient.exchange(
                    path, [Array(lines.joined(separator: [UInt8(ascii: "\n")]))])
                #expect(answers.count <= lines.count, "seed \(seed)")
                for answer in answers where !answer.hasPrefix("[") {
                    #expect(throws: Never.self, "seed \(seed)") { try ControlReply(line: Array(answer.utf8)) }
                }
                let proper = try await TestClient.exchange(
                    path, #"{"jsonrpc":"2.0","id":7,"method":"daemon.version"}"# + "\n")
                #expect(try proper.map { try ControlReply(line: Array($0.utf8)).id } == [.number(7)], "seed \(seed)")
            }
        }
    }
}
