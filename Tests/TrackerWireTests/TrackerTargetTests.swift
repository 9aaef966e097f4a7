// SPDX-License-Identifier: Apache-2.0

import Testing
import TrackerWire

@Suite struct TrackerTargetTests {
    private func read(_ text: String) -> (kind: TrackerTarget.Kind, passkey: String?, query: String) {
        let bytes = Array(text.utf8)
        let target = TrackerTarget(bytes.span)
        let passkey = target.passkey(in: bytes.span).map { String(decoding: $0, as: UTF8.self) }
        return (target.kind, passkey, String(decoding: bytes[target.query], as: UTF8.self))
    }

    @Test(
        arguments: [
            ("/announce", .announce, nil, ""), ("/announce?a=b?c", .announce, nil, "a=b?c"),
            ("/scrape?x", .scrape, nil, "x"), ("/k3y/announce?a=1", .announce, "k3y", "a=1"),
            ("/announce?a=1&passkey=k3y", .announce, "k3y", "a=1&passkey=k3y"),
            ("/a/b/scrape", .scrape, "a/b", ""), ("/", .other, nil, ""), ("", .other, nil, ""),
            ("announce", .announce, nil, ""), ("?announce", .other, nil, "announce"),
            ("//announce", .announce, nil, ""),
            ("/v1/catalogue", .other, "v1", ""), ("/announcer", .other, nil, ""), ("/k/announce?", .announce, "k", ""),
        ] as [(String, TrackerTarget.Kind, String?, String)])
    func `kind, passkey and query are found`(
        text: String, kind: TrackerTarget.Kind, passkey: String?, query: String
    ) {
        let found = self.read(text)
        #expect(found.kind == kind && found.passkey == passkey && found.query == query)
    }

    @Test func `what is too long for a passkey is none`() {
        let long = String(repeating: "k", count: TrackerTarget.longestPasskey)
        #expect(self.read("/\(long)/announce").passkey == long)
        #expect(self.read("/\(long)k/announce").passkey == nil)
        #expect(self.read("/announce?passkey=\(long)k").passkey == nil)
        #expect(self.read("/announce?passkey=").passkey == nil)
    }
}
