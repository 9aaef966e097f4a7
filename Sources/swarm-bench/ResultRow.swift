// SPDX-License-Identifier: Apache-2.0

import SwarmSimulation

/// One line of the table.
struct ResultRow: CustomStringConvertible {
    static let heading =
        "scenario picker        choker       finished   first  median    last  in vain  seed sent  fairness   took"
    static let legend = """
        first, median, last: seconds from coming to having everything, of those that did not give up.
        in vain: share of the payload that came twice or too late. seed sent: copies of the payload.
        fairness: Jain's index of what the peers had sent when each was done. took: seconds of this machine.
        """

    private let cells: [(text: String, width: Int, isNumber: Bool)]

    init(
        _ scenario: Scenario, picker: String, choker: String, _ report: SimulationReport, seconds: Double
    ) {
        let durations = report.durations
        let finished = "\(durations.count)/\(report.fetchers.count)"
        self.cells = [
            (scenario.rawValue, 9, false), (picker, 14, false), (choker, 13, false), (finished, 8, true),
            (durations.first.map { Self.fixed($0, 0) } ?? "-", 8, true),
            (Self.fixed(report.medianDuration, 0), 8, true),
            (durations.last.map { Self.fixed($0, 0) } ?? "-", 8, true),
            (Self.fixed(report.wastedShare * 100, 2) + " %", 9, true), (Self.fixed(report.seedCopies, 2), 11, true),
            (Self.fixed(report.fairness, 2), 10, true), (Self.fixed(seconds, 1), 7, true),
        ]
    }

    var description: String {
        self.cells.map { Self.cell($0.text, $0.width, isNumber: $0.isNumber) }.joined()
    }

    /// A text in a column of that width.
    static func cell(_ text: String, _ width: Int, isNumber: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return isNumber ? space + text : text + space
    }

    /// A number with so many decimals.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let rounded = Int((value * Double(scale)).rounded())
        guard decimals > 0 else { return "\(rounded)" }
        let fraction = "\(rounded % scale)"
        return "\(rounded / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
