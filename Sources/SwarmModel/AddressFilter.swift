// SPDX-License-Identifier: Apache-2.0

/// A list of IP addresses to keep away from, read from the text formats that block lists come in:
/// P2P (`name:1.2.3.4-1.2.3.9`), eMule's .dat (`001.002.003.004 - 001.002.003.009 , 100 , name`, where a level of 128 and
/// more means allowed), CIDR (`1.2.3.0/24`), plain ranges and single addresses, of either family. Empty lines and those
/// that begin with `#`, `;` or `//` are comments; lines that are none of these are counted and passed over.
package struct AddressFilter: Sendable, Hashable {
    private var ranges: [ClosedRange<IPAddress>] = []
    /// Lines that blocked something.
    package private(set) var ruleCount = 0
    /// Lines that were not understood.
    package private(set) var junkCount = 0

    /// Blocks nothing.
    package init() {}

    /// Reads a list; `text` should be UTF-8 or any superset of ASCII.
    package init(text: some Sequence<UInt8>) {
        var found: [ClosedRange<IPAddress>] = []
        var line: [UInt8] = []
        func finishLine(_ filter: inout AddressFilter) {
            defer { line.removeAll(keepingCapacity: true) }
            switch Self.rule(of: line[...]) {
            case .comment, .allowed: break
            case .junk: filter.junkCount += 1
            case .blocked(let range):
                filter.ruleCount += 1
                found.append(range)
            }
        }
        for byte in text {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                finishLine(&self)
            } else if line.count < Self.lineLimit {
                line.append(byte)
            }
        }
        finishLine(&self)
        self.ranges = Self.merged(found)
    }

    /// Bytes of a line that are looked at.
    private static let lineLimit = 4_096

    /// Number of separate ranges after merging.
    package var rangeCount: Int { self.ranges.count }

    /// Whether the address is in the list. Takes O(log n).
    package func blocks(_ address: IPAddress) -> Bool {
        var low = 0
        var high = self.ranges.count
        while low < high {
            let middle = (low + high) / 2
            if self.ranges[middle].upperBound < address { low = middle + 1 } else { high = middle }
        }
        return low < self.ranges.count && self.ranges[low].lowerBound <= address
    }

    private static func merged(_ ranges: [ClosedRange<IPAddress>]) -> [ClosedRange<IPAddress>] {
        var result: [ClosedRange<IPAddress>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard let last = result.last, range.lowerBound <= last.upperBound else {
                result.append(range)
                continue
            }
            result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
        }
        return result
    }
}
