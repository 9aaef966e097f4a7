// SPDX-License-Identifier: Apache-2.0

import ControlText
import Metainfo
import PieceStore
import Synchronization

/// A torrent being made by this program itself, on all cores; the thread that asked for it shows how far it is.
final class TorrentMaking: Sendable {
    private struct State {
        var done: UInt64 = 0
        var total: UInt64 = 0
        var outcome: Result<[UInt8], any Error>?
    }

    private static let pause: Int32 = 200

    private let path: String
    private let state = Mutex(State())
    private let bell: Bell

    init(path: String) throws(Failure) {
        self.path = path
        self.bell = try Bell()
    }

    /// Makes the torrent and gives the bytes of the metainfo file.
    func run(_ options: TorrentCreator.Options, _ printer: inout ProgressPrinter) throws(Failure) -> [UInt8] {
        let store = PieceStore()
        defer { store.shutdown() }
        let task = Task { await self.make(options, store) }
        defer { task.cancel() }
        while true {
            let state = self.state.withLock { $0 }
            switch state.outcome {
            case .success(let metainfo): return metainfo
            case .failure(let error as MetainfoError):
                // Nothing but an empty payload makes the whole of it unacceptable.
                let reason = error.place == "info" ? "there is not a single byte in it" : "\(error)"
                throw .failed("cannot make a torrent of \(self.path): \(reason)")
            case .failure(let error): throw .failed("\(error)")
            case nil: if state.total > 0 { printer.show(Self.line(state, self.path)) }
            }
            self.bell.wait(milliseconds: Self.pause)
        }
    }

    private func make(_ options: TorrentCreator.Options, _ store: PieceStore) async {
        let outcome: Result<[UInt8], any Error>
        do {
            let created = try await TorrentCreator.create(path: self.path, options: options, store: store) {
                done, total in
                self.state.withLock { ($0.done, $0.total) = (done, total) }
            }
            outcome = .success(created.metainfo)
        } catch {
            outcome = .failure(error)
        }
        self.state.withLock { $0.outcome = outcome }
        self.bell.ring()
    }

    private static func line(_ state: State, _ path: String) -> ProgressLine {
        let (done, total) = (Int(clamping: state.done), Int(clamping: state.total))
        return ProgressLine(
            progress: Double(done) / Double(max(total, 1)),
            facts: ["hashing", "\(SizeText.size(done)) of \(SizeText.size(total))"], name: path)
    }
}
