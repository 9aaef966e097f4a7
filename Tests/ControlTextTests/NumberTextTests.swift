// SPDX-License-Identifier: Apache-2.0

import ControlText
import Testing

@Suite struct NumberTextTests {
    @Test(arguments: [
        (-5, "0 B"), (0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_536, "1.5 KiB"), (102_399, "99.9 KiB"),
        (102_400, "100 KiB"), (1_023_999, "999 KiB"), (1_024_000, "0.9 MiB"), (1 << 20, "1.0 MiB"),
        (4_404_019_200, "4.1 GiB"), (Int.max, "7.9 EiB"),
    ])
    func `sizes have a few digits and a binary unit`(bytes: Int, text: String) {
        #expect(SizeText.size(bytes) == text)
    }

    @Test(arguments: [
        ("0", 0), ("65536", 65_536), ("64K", 65_536), ("64KiB", 65_536), ("4 MiB", 4 << 20), ("1.5G", 3 << 29),
        ("2kB", 2_000), ("3MB", 3_000_000), ("1tib", 1 << 40), ("7b", 7),
    ])
    func `sizes are read with any usual unit`(text: String, bytes: Int) {
        #expect(SizeText.parse(text) == bytes)
    }

    @Test(arguments: ["", "x", "-1", "1 XB", "1..5K", "MiB", "99999999999T", "1e3", "٣K", "inf", "nan"])
    func `what is no size is refused`(text: String) {
        #expect(SizeText.parse(text) == nil)
    }

    @Test(arguments: [
        (0, "0.0%"), (0.4567, "45.6%"), (0.9999, "99.9%"), (1, "100%"), (2, "100%"), (-1, "0.0%"), (Double.nan, "0.0%"),
    ])
    func `a percentage of 100 means complete`(fraction: Double, text: String) {
        #expect(SizeText.percent(fraction) == text)
    }

    @Test(arguments: [(0, "0.00"), (1.5, "1.50"), (12.345, "12.34"), (Double.infinity, "-"), (-1, "-")])
    func `ratios have two digits`(value: Double, text: String) {
        #expect(SizeText.ratio(value) == text)
    }

    @Test(arguments: [
        (-1, "0s"), (59, "59s"), (60, "1m"), (252, "4m 12s"), (3_600, "1h"), (11_100, "3h 5m"), (187_200, "2d 4h"),
        (Int.max, "106751991167300d 15h"),
    ])
    func `durations show the two biggest units`(seconds: Int, text: String) {
        #expect(DurationText.duration(seconds) == text)
    }
}
