// SPDX-License-Identifier: Apache-2.0

import CSystemd
import Glibc

/// The system's journal.
enum Journal {
    /// Hands a record over; false when the journal does not take it.
    static func send(_ record: JournalRecord) -> Bool {
        // One buffer for all fields, so that they lie still while they are named.
        var bytes: [UInt8] = []
        for field in record.fields { bytes += field }
        return bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return false }
            var parts: [iovec] = []
            var offset = 0
            for field in record.fields {
                parts.append(iovec(iov_base: base + offset, iov_len: field.count))
                offset += field.count
            }
            return sd_journal_sendv(parts, Int32(parts.count)) == 0
        }
    }

    /// Whether `descriptor` leads to the journal: it is the stream that `JOURNAL_STREAM` names (systemd.exec(5)).
    static func isBehind(_ descriptor: Int32, stream: String?) -> Bool {
        guard let parts = stream?.split(separator: ":"), parts.count == 2, let device = UInt64(parts[0]),
            let inode = UInt64(parts[1])
        else { return false }
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_dev == device && status.st_ino == inode
    }
}
