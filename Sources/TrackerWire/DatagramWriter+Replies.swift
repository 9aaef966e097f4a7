// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The answers of a UDP tracker (BEP 15).
extension DatagramWriter {
    /// A connection id.
    package mutating func connected(_ connectionID: UInt64, transaction: UInt32) {
        self.append(DatagramAction.connect.rawValue)
        self.append(transaction)
        self.append(connectionID)
    }

    /// The answer to an announce up to its peers, which follow packed.
    package mutating func announced(
        interval: Interval, incomplete: Int, complete: Int, transaction: UInt32
    ) {
        self.append(DatagramAction.announce.rawValue)
        self.append(transaction)
        self.append(UInt32(clamping: interval.nanoseconds / 1_000_000_000))
        self.append(UInt32(clamping: incomplete))
        self.append(UInt32(clamping: complete))
    }

    /// The answer to a scrape up to its counts.
    package mutating func scraped(transaction: UInt32) {
        self.append(DatagramAction.scrape.rawValue)
        self.append(transaction)
    }

    /// The counts of the next torrent that was asked for.
    package mutating func tally(complete: Int, downloaded: UInt32, incomplete: Int) {
        self.append(UInt32(clamping: complete))
        self.append(downloaded)
        self.append(UInt32(clamping: incomplete))
    }

    /// A refusal.
    package mutating func refused(_ reason: StaticString, transaction: UInt32) {
        self.append(DatagramAction.error.rawValue)
        self.append(transaction)
        self.append(reason)
    }

    /// As above, with a text that was made.
    package mutating func refused(_ reason: String, transaction: UInt32) {
        self.append(DatagramAction.error.rawValue)
        self.append(transaction)
        self.append(reason.utf8)
    }
}
