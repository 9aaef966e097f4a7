// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import SwarmModel
import Testing

@Suite struct ProgressTests {
    private static func torrent(
        _ state: TorrentState, progress: Double = 0, size: Int = 10, error: String? = nil
    ) -> TorrentSummary {
        TorrentSummary(
            infoHash: InfoHash(bytes: [UInt8](repeating: 1, count: 20))!, name: "a rather long name of a torrent",
            state: state, progress: progress, size: size, downRate: 1 << 20, upRate: 1 << 10, peers: 12, eta: 100,
            error: error)
    }

    @Test(arguments: 1...200)
    func `the bar never reaches the edge of the terminal`(width: Int) {
        let bar = ProgressLine(Self.torrent(.downloading, progress: 0.5)).bar(width: width)
        #expect(Printable.columns(bar) <= max(0, width - 1))
    }

    @Test func `the end of waiting tells how long it took and how fast it was`() {
        let torrent = Self.torrent(.seeding, progress: 1, size: 3 << 20)
        let name = "a rather long name of a torrent"
        #expect(Report.completion(of: torrent, .init(bytes: 0, time: .seconds(9))) == "complete: \(name), 3.0 MiB\n")
        #expect(
            Report.completion(of: torrent, .init(bytes: 3 << 20, time: .milliseconds(1_540)))
                == "complete: \(name), 3.0 MiB in 1.5s, 1.9 MiB/s\n")
        #expect(
            Report.completion(of: torrent, .init(bytes: 3 << 20, time: .seconds(192)))
                == "complete: \(name), 3.0 MiB in 3m 12s, 16.0 KiB/s\n")
        #expect(
            Report.completion(of: torrent, .init(bytes: 1 << 20, time: .seconds(1)))
                == "complete: \(name), 3.0 MiB; fetched 1.0 MiB in 1.0s, 1.0 MiB/s\n")
        #expect(!Report.completion(of: torrent, .init(bytes: 1, time: .zero)).contains("/s"))
    }

    @Test func `the bar shows percent, rates, peers and time left`() {
        #expect(
            ProgressLine(Self.torrent(.downloading, progress: 0.5)).bar(width: 120) == """
                [####################--------------------]  50.0%  1.0 MiB/s down  1.0 KiB/s up  12 peers  ETA 1m 40s  \
                a rather long n…
                """)
    }

    @Test func `a pipe gets a sentence`() {
        #expect(
            ProgressLine(Self.torrent(.downloading, progress: 0.25)).plain
                == "a rather long name of a torrent: 25.0%, 1.0 MiB/s down, 1.0 KiB/s up, 12 peers, ETA 1m 40s")
        let job = JobStatus(job: 1, kind: .share, state: .running, done: 1 << 20, total: 4 << 20)
        #expect(ProgressLine(job).plain == "25.0%, hashing, 1.0 MiB of 4.0 MiB")
        #expect(
            ProgressLine(JobStatus(job: 1, kind: .verify, state: .running, done: 0, total: 0)).plain
                == "0.0%, verifying")
    }

    @Test func `waiting ends when it is complete or cannot be`() {
        #expect(WaitVerdict(Self.torrent(.seeding, progress: 1)) == .complete)
        #expect(WaitVerdict(Self.torrent(.paused, progress: 1)) == .complete)
        #expect(WaitVerdict(Self.torrent(.paused, progress: 1, size: 0)) == .waiting)
        #expect(WaitVerdict(Self.torrent(.downloading, progress: 1)) == .waiting)
        #expect(WaitVerdict(Self.torrent(.queued)) == .waiting)
        #expect(WaitVerdict(Self.torrent(.suspended, error: "full")) == .failed("full"))
        #expect(WaitVerdict(Self.torrent(.suspended)) == .failed("the torrent is suspended"))
        #expect(WaitVerdict(Self.torrent(.metadata, error: "bad")) == .failed("bad"))
        let failed = JobStatus(job: 1, kind: .share, state: .failed, done: 0, total: 0, error: .init(.storage, "why"))
        #expect(WaitVerdict(failed) == .failed("why"))
    }
}
