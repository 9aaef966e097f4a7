// SPDX-License-Identifier: Apache-2.0

import ControlText
import Testing

@Suite struct ParagraphTests {
    @Test func `lines that are too long are broken between words`() {
        let text = "swarmctl: one two three four five\n"
        #expect(Paragraph.wrap(text, width: 20) == "swarmctl: one two\n    three four five\n")
        #expect(Paragraph.wrap(text, width: 33) == text)
        #expect(Paragraph.wrap("", width: 10) == "")
    }

    @Test func `what is to be copied stays in one line, and lists stay as they are`() {
        #expect(
            Paragraph.wrap("start it with `systemctl start swarmd`, or not", width: 26)
                == "start it with\n    `systemctl start swarmd`,\n    or not")
        #expect(Paragraph.wrap("    3f2a  a very long name of a torrent", width: 10).split(separator: "\n").count == 1)
    }

    @Test func `a word that no line has room for gets one of its own`() {
        let path = "/" + String(repeating: "x", count: 40)
        #expect(Paragraph.wrap("at \(path): gone", width: 20) == "at\n    \(path):\n    gone")
    }
}
