// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import Glibc
import SwarmModel

extension GlobalOptions {
    /// Waits until a torrent is complete, and shows how far it is. Throws when it cannot become so by itself.
    func wait(for torrent: InfoHash, _ client: ControlClient) throws(Failure) {
        let selector = TorrentSelector(torrent.description)
        try self.wait { () throws(Failure) in
            let list = try client.call(TorrentList.self, .init(ids: [selector]))
            guard let summary = list.torrents.first else { throw .failed("the torrent was removed") }
            return (ProgressLine(summary), WaitVerdict(summary), summary.name)
        }
    }

    /// Waits until a job has ended, and gives its last state. Throws when it failed.
    func wait(for job: JobReference, _ client: ControlClient) throws(Failure) -> JobStatus {
        var last: JobStatus?
        try self.wait { () throws(Failure) in
            let status = try client.call(JobShow.self, job)
            last = status
            if status.state == .failed, let error = status.error { throw .refused(error) }
            return (ProgressLine(status), WaitVerdict(status), status.name ?? "job \(status.job)")
        }
        guard let last else { throw .failed("job \(job.job) is not known") }
        return last
    }

    private func wait(
        _ look: () throws(Failure) -> (line: ProgressLine, verdict: WaitVerdict, name: String)
    ) throws(Failure) {
        var printer = ProgressPrinter(json: self.json)
        defer { printer.finish() }
        while true {
            let (line, verdict, name) = try look()
            switch verdict {
            case .waiting: printer.show(line)
            case .complete: return printer.show(line)
            case .failed(let reason): throw .failed("\(name): \(reason)")
            }
            usleep(ProgressPrinter.interval)
        }
    }

    /// Prints what a torrent is after `--wait`, or how its life began without.
    func conclude(_ reference: TorrentReference, _ text: [UInt8], wait: Bool, _ client: ControlClient) throws(Failure) {
        if wait {
            try self.wait(for: reference.infoHash, client)
            let selector = TorrentSelector(reference.infoHash.description)
            let detail = try client.callForText(TorrentShow.self, SelectorParams(id: selector))
            if self.json { return Output.line(detail) }
            let summary = try ControlClient.decode(TorrentDetail.self, detail).summary
            Output.write("complete: \(Printable.clean(summary.name)), \(SizeText.size(summary.size))\n")
        } else if self.json {
            Output.line(text)
        } else {
            Output.write(Self.words(for: reference, "added"))
        }
    }

    /// One line about what happened to a torrent.
    static func words(for torrent: TorrentReference, _ verb: String) -> String {
        "\(verb) \(Report.short(torrent.infoHash))  \(Printable.clean(torrent.name)) (\(torrent.state.rawValue))\n"
    }
}
