// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import Glibc
import SwarmModel

extension GlobalOptions {
    /// Waits until a torrent that was just added is complete, and shows how far it is. Returns what was fetched. Throws
    /// when it cannot become so by itself, and when that has taken `patience` seconds.
    func wait(for torrent: InfoHash, patience: Int?, _ client: ControlClient) throws(Failure) -> Fetched {
        let selector = TorrentSelector(torrent.description)
        let start = ContinuousClock.now
        var bytes = 0
        try self.wait { () throws(Failure) in
            let list = try client.call(TorrentList.self, .init(ids: [selector]))
            guard let summary = list.torrents.first else { throw .failed("the torrent was removed") }
            bytes = summary.downloaded
            let verdict = WaitVerdict(summary)
            if verdict == .waiting, let patience, ContinuousClock.now - start >= .seconds(patience) {
                throw .timedOut(
                    "\(summary.name) is not complete after \(DurationText.duration(patience)); it goes on (swarmctl why"
                        + " \(Report.short(torrent)))")
            }
            return (ProgressLine(summary), verdict, summary.name)
        }
        return Fetched(bytes: bytes, time: ContinuousClock.now - start)
    }

    /// Waits until a job has ended, and gives its last state. Throws when it failed.
    func wait(for job: JobReference, _ client: ControlClient) throws(Failure) -> JobStatus {
        var last: JobStatus?
        try self.wait { () throws(Failure) in
            let status = try client.call(JobShow.self, job)
            last = status
            if status.state == .failed, let error = status.error { throw .refused(error) }
            // Before there is something to count there is nothing to show.
            let line = status.total > 0 ? ProgressLine(status) : nil
            return (line, WaitVerdict(status), status.name ?? "job \(status.job)")
        }
        guard let last else { throw .failed("job \(job.job) is not known") }
        return last
    }

    private func wait(
        _ look: () throws(Failure) -> (line: ProgressLine?, verdict: WaitVerdict, name: String)
    ) throws(Failure) {
        var printer = ProgressPrinter(json: self.json)
        defer { printer.finish() }
        while true {
            let (line, verdict, name) = try look()
            switch verdict {
            case .waiting: if let line { printer.show(line) }
            case .complete: return printer.end(line)
            case .failed(let reason): throw .failed("\(name): \(reason)")
            }
            usleep(ProgressPrinter.interval)
        }
    }

    /// Prints what a torrent is after `--wait`, or how its life began without.
    func conclude(
        _ reference: TorrentReference, _ text: [UInt8], wait: Bool, patience: Int?, _ client: ControlClient
    ) throws(Failure) {
        if wait {
            let fetched = try self.wait(for: reference.infoHash, patience: patience, client)
            let selector = TorrentSelector(reference.infoHash.description)
            let detail = try client.callForText(TorrentShow.self, SelectorParams(id: selector))
            if self.json { return Output.line(detail) }
            let summary = try ControlClient.decode(TorrentDetail.self, detail).summary
            Output.write(Report.completion(of: summary, fetched))
        } else if self.json {
            Output.line(text)
        } else {
            Output.write(Self.words(for: reference, "added"))
        }
    }

    /// One line about what happened to a torrent, with what it does now where the verb does not say it.
    static func words(for torrent: TorrentReference, _ verb: String) -> String {
        let state = torrent.state.rawValue == verb ? "" : " (\(torrent.state.rawValue))"
        return "\(verb) \(Report.short(torrent.infoHash))  \(Printable.clean(torrent.name))\(state)\n"
    }
}
