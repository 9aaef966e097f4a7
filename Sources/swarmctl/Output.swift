// SPDX-License-Identifier: Apache-2.0

import ControlText
import Glibc

/// Standard output and standard error, written at once and whole.
enum Output {
    /// Writes text to standard output.
    static func write(_ text: String) { Self.write(Array(text.utf8), to: STDOUT_FILENO) }

    /// Writes bytes and the end of a line to standard output.
    static func line(_ bytes: [UInt8]) { Self.write(bytes + [UInt8(ascii: "\n")], to: STDOUT_FILENO) }

    /// Writes text to standard error; on a terminal, lines that are too long for it are broken between words.
    static func complain(_ text: String) {
        let shown = Terminal.width(of: STDERR_FILENO).map { Paragraph.wrap(text, width: $0) } ?? text
        Self.write(Array(shown.utf8), to: STDERR_FILENO)
    }

    /// Writes all of `bytes`; an error ends it silently, because there is nobody to tell.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                return
            }
        }
    }
}
