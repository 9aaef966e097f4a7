// SPDX-License-Identifier: Apache-2.0

import Discovery
import Testing

@Suite struct LoggedURLTests {
    @Test(arguments: [
        ("http://tracker.example:6969/announce", "http://tracker.example:6969/announce"),
        ("udp://tracker.example:80", "udp://tracker.example:80"),
        ("https://private.example/0123456789abcdef/announce", "https://private.example/\u{2026}/announce"),
        (
            "https://private.example/announce.php?passkey=0123456789abcdef",
            "https://private.example/announce.php?\u{2026}"
        ),
        ("https://me:geheim@private.example/announce", "https://private.example/announce"),
        ("https://me:ge@heim@private.example/announce", "https://private.example/announce"),
        ("http://[2001:db8::1]:6969/a/b/announce#c", "http://[2001:db8::1]:6969/\u{2026}/\u{2026}/announce?\u{2026}"),
        ("0123456789abcdef", "(no URL)"), ("", "(no URL)"), ("://x", "(no URL)"),
    ])
    func `what may be secret is left out`(url: String, shown: String) {
        #expect(LoggedURL(url).description == shown)
    }

    @Test func `a tracker that says the secret again does not bring it into the log`() {
        let url = LoggedURL("https://me:geheim@private.example/0123456789abcdef/announce?key=c0ffee")
        let cleaned = url.cleaned(
            "no such user 0123456789abcdef (key c0ffee) at https://me:geheim@private.example/0123456789abcdef/announce")
        for secret in ["0123456789abcdef", "c0ffee", "geheim"] { #expect(!cleaned.contains(secret)) }
        #expect(cleaned.hasPrefix("no such user \u{2026}"))
    }

    @Test func `words stay whole when a part of the address is short`() {
        #expect(LoggedURL("https://x.example/a/announce?b=c").cleaned("a bad cab") == "a bad cab")
    }
}
