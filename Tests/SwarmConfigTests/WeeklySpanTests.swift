// SPDX-License-Identifier: Apache-2.0

import SwarmConfig
import SwarmModel
import Testing

@Suite struct WeeklySpanTests {
    private static func time(_ weekday: Int, _ hour: Int, _ minute: Int = 0) -> WeekTime {
        WeekTime(weekday: weekday, minute: hour * 60 + minute)!
    }

    @Test func `a span holds on its days from its beginning to before its end`() throws {
        let span = try #require(WeeklySpan("mon-fri 08:00-18:30"))
        #expect(span.contains(Self.time(0, 8)) && span.contains(Self.time(4, 18, 29)))
        #expect(!span.contains(Self.time(0, 7, 59)) && !span.contains(Self.time(4, 18, 30)))
        #expect(!span.contains(Self.time(5, 12)) && !span.contains(Self.time(6, 12)))
    }

    @Test func `a span over midnight ends on the next day, Sunday's on Monday`() throws {
        let span = try #require(WeeklySpan("Sat,Sun 22:00-6:00"))
        #expect(span.contains(Self.time(5, 22)) && span.contains(Self.time(6, 5, 59)))
        #expect(span.contains(Self.time(6, 23)) && span.contains(Self.time(0, 0)))
        #expect(!span.contains(Self.time(0, 6)) && !span.contains(Self.time(0, 22)) && !span.contains(Self.time(5, 5)))
    }

    @Test func `without days it holds every day, and may be all of it`() throws {
        let nights = try #require(WeeklySpan("23:00-07:00"))
        let always = try #require(WeeklySpan("00:00-24:00"))
        for weekday in 0..<7 {
            #expect(nights.contains(Self.time(weekday, 3)) && !nights.contains(Self.time(weekday, 7)))
            #expect(always.contains(Self.time(weekday, 0)) && always.contains(Self.time(weekday, 23, 59)))
        }
    }

    @Test func `days may wrap around the week`() throws {
        let span = try #require(WeeklySpan("sat-mon,wed 10:00-11:00"))
        #expect((0..<7).filter { span.contains(Self.time($0, 10)) } == [0, 2, 5, 6])
    }

    @Test(arguments: [
        "", " ", "mon", "mon-fri", "8-18", "08:00", "08:00-", "-18:00", "8:60-9:00", "24:01-25:00", "mon-xyz 8:00-9:00",
        "mon, 8:00-9:00", "mon- 8:00-9:00", "mon-tue-wed 8:00-9:00", "mon 8:00-9:00 x", "008:00-9:00", "8:0-9:00",
        "+8:00-9:00", "８:00-9:00",
    ]) func `what is written otherwise is refused`(text: String) {
        #expect(WeeklySpan(text) == nil)
    }

    @Test func `the schedule says which caps hold`() throws {
        var limits = DaemonConfiguration().limits
        limits.download = .mebibytes(8)
        limits.scheduledUpload = .kibibytes(64)
        limits.schedule = [try #require(WeeklySpan("mon 08:00-09:00")), try #require(WeeklySpan("mon 08:30-10:00"))]
        #expect(limits.caps(at: Self.time(0, 9, 30)) == TransferCaps(download: 0, upload: 65_536))
        #expect(limits.caps(at: Self.time(0, 10)) == TransferCaps(download: 8 << 20, upload: 0))
    }
}
