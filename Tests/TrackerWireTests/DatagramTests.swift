// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerWire

@Suite struct DatagramTests {
    private let hash = InfoHash(bytes: (0..<20).map { UInt8($0) })!
    private let peer = PeerID(bytes: (0..<20).map { UInt8(100 + $0) })!

    private var request: AnnounceRequest {
        var request = AnnounceRequest(infoHash: self.hash, peerID: self.peer, port: 0x1ae1, left: 3, event: .completed)
        request.downloaded = 1
        request.uploaded = 2
        request.key = 0xdead_beef
        request.wanted = 77
        return request
    }

    /// BEP 15's table, field by field.
    private var announce: [UInt8] {
        var bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8] + [0, 0, 0, 1] + [9, 9, 9, 9]
        bytes += (0..<20).map { UInt8($0) } + (0..<20).map { UInt8(100 + $0) }
        bytes += [0, 0, 0, 0, 0, 0, 0, 1] + [0, 0, 0, 0, 0, 0, 0, 3] + [0, 0, 0, 0, 0, 0, 0, 2]
        bytes += [0, 0, 0, 1] + [0, 0, 0, 0] + [0xde, 0xad, 0xbe, 0xef] + [0, 0, 0, 77] + [0x1a, 0xe1]
        return bytes
    }

    @Test func `a connect is sixteen bytes`() {
        let bytes = DatagramHead.connect(transaction: 0x0102_0304)
        #expect(bytes == [0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, 0, 1, 2, 3, 4])
        let head = headOf(bytes)
        #expect(head?.connectionID == DatagramHead.protocolID && head?.action == 0 && head?.transaction == 0x0102_0304)
        #expect(headOf(bytes.dropLast()) == nil)
    }

    @Test func `an announce is written and read as the table says`() {
        let bytes = self.request.datagram(connectionID: 0x0102_0304_0506_0708, transaction: 0x0909_0909)
        #expect(bytes == self.announce)
        #expect(announced(bytes) == self.request)
    }

    @Test func `an announce that breaks off is none, whatever its length`() {
        for length in 0..<98 { #expect(announced(self.announce.prefix(length)) == nil) }
    }

    @Test func `what an announce leaves open is open`() {
        var bytes = self.announce
        bytes.replaceSubrange(80..<84, with: [0, 0, 1, 3])
        bytes.replaceSubrange(92..<96, with: [0xff, 0xff, 0xff, 0xff])
        var request = announced(bytes)
        #expect(request?.event == AnnounceEvent.none && request?.wanted == nil && request?.address == nil)
        bytes.replaceSubrange(84..<88, with: [192, 0, 2, 1])
        request = announced(bytes)
        #expect(request?.address == IPAddress("192.0.2.1"))
        var unknown = self.request
        unknown.left = .max
        unknown.wanted = nil
        let sent = unknown.datagram(connectionID: 1, transaction: 2)
        #expect(announced(sent)?.left == UInt64(Int64.max))
        #expect(announced(sent)?.wanted == nil)
    }

    @Test(arguments: ["", "/announce?key=1", String(repeating: "/long", count: 150)])
    func `path and query come back however long they are`(text: String) {
        let data = URLData(text.utf8)
        let bytes = self.request.datagram(connectionID: 1, transaction: 2, urlData: data)
        #expect(urlData(bytes) == data)
        #expect(announced(bytes) == self.request)
        for length in 98..<bytes.count {
            let cut = urlData(bytes.prefix(length))
            #expect(data.bytes.starts(with: cut.bytes))
        }
    }

    @Test func `options that nobody knows are passed over, and the end is the end`() {
        let options: [UInt8] = [1, 9, 2, 7, 7, 2, 1, 65, 1, 2, 2, 66, 67, 0, 2, 1, 68]
        #expect(urlData((self.announce + options)).bytes == Array("ABC".utf8))
    }

    @Test func `path and query stop growing`() {
        let option = [2, 255] + [UInt8](repeating: 65, count: 255)
        let bytes = self.announce + Array([[UInt8]](repeating: option, count: 7).joined())
        #expect(urlData(bytes).bytes.count == 255 * 4)
    }

    @Test func `a scrape names one to seventy-four torrents`() {
        for count in [1, 2, 74] {
            let scrape = ScrapeRequest(infoHashes: Array(repeating: self.hash, count: count))
            let bytes = scrape.datagram(connectionID: 5, transaction: 6)
            #expect(bytes.count == 16 + 20 * count)
            #expect(scraped(bytes) == scrape)
            #expect(scraped(bytes.dropLast()) == nil)
        }
        #expect(scraped([UInt8](repeating: 0, count: 16)) == nil)
        #expect(scraped([UInt8](repeating: 0, count: 16 + 75 * 20)) == nil)
    }

    @Test func `answers are read back`() {
        let connected = DatagramWriter.bytes { $0.connected(0x1122_3344_5566_7788, transaction: 7) }
        #expect(reply(connected, isV6: false) == .connected(0x1122_3344_5566_7788))
        #expect(transaction(connected) == 7)
        let refused = DatagramWriter.bytes { $0.refused("no", transaction: 8) }
        #expect(refused == [0, 0, 0, 3, 0, 0, 0, 8, 110, 111])
        #expect(reply(refused, isV6: false) == .refused("no"))
        let scraped = DatagramWriter.bytes { writer in
            writer.scraped(transaction: 9)
            writer.tally(complete: 1, downloaded: 2, incomplete: 3)
        }
        #expect(
            reply(scraped, isV6: false)
                == .scraped([.init(complete: 1, downloaded: 2, incomplete: 3)]))
    }

    @Test func `peers have the width of the family that was asked over`() throws {
        let v4: [UInt8] = [
            1, 2, 3, 4, 0, 80, 0, 0, 0, 0, 0, 80, 5, 6, 7, 8, 0, 0, 9, 9, 9, 9, 1, 1, 1, 2, 3,
        ]
        func answer(_ peers: [UInt8]) -> [UInt8] {
            DatagramWriter.bytes { writer in
                writer.announced(interval: .seconds(900), incomplete: 4, complete: 5, transaction: 1)
                writer.append(peers)
            }
        }
        guard case .announced(let response) = reply(answer(v4), isV6: false) else {
            Issue.record("not an announce")
            return
        }
        #expect(response.interval == .seconds(900) && response.incomplete == 4 && response.complete == 5)
        #expect(response.peers.map(\.endpoint.description) == ["1.2.3.4:80", "9.9.9.9:257"])
        let v6 = try #require(PeerEndpoint("[2001:db8::1]:80"))
        guard case .announced(let wide) = reply(answer(v6.compact), isV6: true) else {
            Issue.record("not an announce")
            return
        }
        #expect(wide.peers.map(\.endpoint) == [v6])
    }

    @Test func `any bytes are read without harm`() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<5_000 {
            var bytes = (0..<Int(random.next(below: 200))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if bytes.count > 4 { bytes.replaceSubrange(0..<4, with: [0, 0, 0, UInt8(random.next(below: 5))]) }
            let reply = reply(bytes, isV6: bytes.count % 2 == 0)
            if case .announced(let response) = reply { #expect(response.peers.count <= bytes.count / 6) }
            #expect(urlData(bytes).bytes.count <= bytes.count)
            #expect((announced(bytes) == nil) == (bytes.count < 98))
        }
    }

    @Test func `what does not fit is left out and told`() {
        var space = [UInt8](repeating: 0, count: 10)
        space.withUnsafeMutableBytes { space in
            var writer = DatagramWriter(space)
            writer.append(UInt64(1))
            writer.append(UInt32(2))
            #expect(writer.isCut && writer.count == 8)
            writer.removeAll()
            writer.append("0123456789")
            #expect(!writer.isCut && writer.room == 0)
            writer.append(UInt16(1))
            #expect(writer.isCut)
        }
    }
}

// Spans of temporaries cannot pass through `#expect`.

private func headOf(_ bytes: some Collection<UInt8>) -> DatagramHead? {
    let bytes = Array(bytes)
    return DatagramHead(datagram: bytes.span)
}

private func announced(_ bytes: some Collection<UInt8>) -> AnnounceRequest? {
    let bytes = Array(bytes)
    return AnnounceRequest(datagram: bytes.span)
}

private func scraped(_ bytes: some Collection<UInt8>) -> ScrapeRequest? {
    let bytes = Array(bytes)
    return ScrapeRequest(datagram: bytes.span)
}

private func urlData(_ bytes: some Collection<UInt8>) -> URLData {
    let bytes = Array(bytes)
    return URLData(datagram: bytes.span)
}

private func transaction(_ bytes: [UInt8]) -> UInt32? { DatagramReply.transaction(of: bytes.span) }

private func reply(_ bytes: [UInt8], isV6: Bool) -> DatagramReply? { DatagramReply(datagram: bytes.span, isV6: isV6) }
