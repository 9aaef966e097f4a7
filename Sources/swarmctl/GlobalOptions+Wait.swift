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

    /// Takes torrents in, and waits for them if that is wished: of several all are added before the first is waited for, and
    /// one that fails does not keep the others from their turn. `add` gives the daemon's answer.
    func take(
        _ sources: [String], _ placement: PlacementOptions, _ add: (ControlClient, String) throws(Failure) -> [UInt8]
    ) throws(Failure) {
        let client = try self.connect()
        guard sources.count > 1 else {
            let text = try add(client, sources[0])
            let reference = try ControlClient.decode(TorrentReference.self, text)
            return try self.conclude(reference, text, wait: placement.wait, patience: placement.patience, client)
        }
        guard placement.wait else {
            return try self.forEach(sources, named: { $0 }) { source throws(Failure) in
                let text = try add(client, source)
                let reference = try ControlClient.decode(TorrentReference.self, text)
                return Answer(text: text, words: Self.words(for: reference, "added"))
            }
        }
        let start = ContinuousClock.now
        var answers: [(source: String, text: Result<[UInt8], Failure>)] = []
        for source in sources {
            do throws(Failure) {
                answers.append((source, .success(try add(client, source))))
            } catch {
                guard error.exitStatus == Failure.failedStatus else { throw error }
                answers.append((source, .failure(error)))
            }
        }
        try self.forEach(answers, named: { $0.source }) { answer throws(Failure) in
            let reference = try ControlClient.decode(TorrentReference.self, try answer.text.get())
            let past = (ContinuousClock.now - start).components.seconds
            let left = placement.patience.map { max(0, $0 - Int(past)) }
            return try self.completed(reference, patience: left, client)
        }
    }

    /// Waits until a torrent is complete; what it is then.
    private func completed(
        _ reference: TorrentReference, patience: Int?, _ client: ControlClient
    ) throws(Failure) -> Answer {
        let fetched = try self.wait(for: reference.infoHash, patience: patience, client)
        let selector = TorrentSelector(reference.infoHash.description)
        let detail = try client.callForText(TorrentShow.self, SelectorParams(id: selector))
        let summary = try ControlClient.decode(TorrentDetail.self, detail).summary
        return Answer(text: detail, words: Report.completion(of: summary, fetched))
    }

    /// Prints what a torrent is after `--wait`, or how its life began without.
    private func conclude(
        _ reference: TorrentReference, _ text: [UInt8], wait: Bool, patience: Int?, _ client: ControlClient
    ) throws(Failure) {
        if wait {
            let answer = try self.completed(reference, patience: patience, client)
            if self.json { Output.line(answer.text) } else { Output.write(answer.words) }
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
