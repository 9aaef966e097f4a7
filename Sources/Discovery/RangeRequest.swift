// SPDX-License-Identifier: Apache-2.0

/// Bytes of a file that a web server is asked for.
package struct RangeRequest: Hashable, Sendable {
    /// Where the file is.
    package var url: String
    /// Which of its bytes; never none.
    package var range: Range<UInt64>
    /// Bytes that the whole file must have.
    package var fileLength: UInt64
    /// How often the server was asked in vain: another of its addresses is tried then.
    package var attempt: Int

    /// Takes everything as it is.
    package init(url: String, range: Range<UInt64>, fileLength: UInt64, attempt: Int = 0) {
        self.url = url
        self.range = range
        self.fileLength = fileLength
        self.attempt = attempt
    }
}
