// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// How a torrent is made: what `share` and `create` have in common.
struct MakingOptions: ParsableArguments {
    @Option(name: .customLong("tracker"), help: ArgumentHelp("A tracker; may be repeated.", valueName: "url"))
    var trackers: [String] = []

    @Option(
        name: .customLong("web-seed"),
        help: ArgumentHelp(
            "A web server that has the file, or below which the folder lies; may be repeated.", valueName: "url"))
    var webSeeds: [String] = []

    @Option(help: ArgumentHelp("Bytes in a piece, such as 1MiB; a power of two.", valueName: "size"))
    var pieceSize: String?

    @Flag(help: "Peers come from the trackers alone.")
    var `private` = false

    @Option(help: "A comment.")
    var comment: String?

    @Flag(help: "Which metainfo to make: v1, which every client can read, v1 and v2 at once, or v2 alone.")
    var version = Version.v1

    /// The metainfo versions that can be made.
    enum Version: String, EnumerableFlag {
        case v1
        case hybrid
        case v2
    }

    /// The metainfo version.
    var kind: TorrentKind {
        switch self.version {
        case .v1: .v1
        case .hybrid: .hybrid
        case .v2: .v2
        }
    }

    func validate() throws {
        for url in self.webSeeds where !url.lowercased().hasPrefix("http://") && !url.lowercased().hasPrefix("https://")
        {
            throw ValidationError("--web-seed \(url): must begin with http:// or https://")
        }
        do throws(Failure) { _ = try self.pieceLength() } catch { throw ValidationError(error.message) }
    }

    /// The piece length in bytes; nil when it is to fit the size.
    func pieceLength() throws(Failure) -> Int? {
        guard let text = self.pieceSize else { return nil }
        guard let bytes = SizeText.parse(text), bytes >= 16 << 10, bytes <= 256 << 20, bytes & (bytes - 1) == 0 else {
            throw .usage("--piece-size \(text): must be a power of two from 16KiB to 256MiB")
        }
        return bytes
    }
}

extension Failure {
    /// The bare sentence.
    fileprivate var message: String {
        switch self {
        case .refused(let error): error.message
        case .failed(let message), .usage(let message), .unreachable(let message), .timedOut(let message): message
        case .partly: ""
        }
    }
}
