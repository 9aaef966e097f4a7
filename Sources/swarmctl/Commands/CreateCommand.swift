// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Metainfo
import PieceStore
import SwarmModel

/// `create`: makes a .torrent file without the daemon.
struct CreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a .torrent file, without the daemon.",
        usage: "swarmctl create [OPTION]… --output FILE PATH",
        discussion: "Example: swarmctl create /srv/data/release-42 --output release-42.torrent")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var making: MakingOptions

    @Argument(help: "The file or folder.", completion: .file())
    var path: String

    @Option(help: ArgumentHelp("The .torrent file to write.", valueName: "file"), completion: .file())
    var output: String

    func run() throws {
        try LocalFile.checkWritable(self.output)
        var printer = ProgressPrinter(json: self.options.json)
        defer { printer.finish() }
        let making = try TorrentMaking(path: try LocalFile.absolute(self.path))
        let bytes = try making.run(try self.creation(), &printer)
        printer.finish()
        let metainfo: Metainfo
        do throws(MetainfoError) { metainfo = try Metainfo(parsing: bytes) } catch { throw Failure.failed("\(error)") }
        try LocalFile.write(bytes, to: self.output)
        try self.conclude(metainfo)
    }

    private func creation() throws(Failure) -> TorrentCreator.Options {
        var creation = TorrentCreator.Options()
        switch self.making.version {
        case .v1: creation.kind = .v1
        case .hybrid: creation.kind = .hybrid
        case .v2: creation.kind = .v2
        }
        creation.pieceLength = try self.making.pieceLength().map { UInt32(clamping: $0) }
        creation.trackerTiers = self.making.trackers.map { [$0] }
        creation.webSeeds = self.making.webSeeds
        creation.isPrivate = self.making.private
        creation.comment = self.making.comment
        creation.createdBy = "swarmctl \(SwarmVersion.current)"
        creation.creationDate = Int64(LocalTime.now)
        return creation
    }

    private func conclude(_ metainfo: Metainfo) throws {
        let result = Created(
            infoHash: metainfo.infoHash, infoHashV2: metainfo.infoHashV2?.description, name: metainfo.name,
            size: Int(clamping: metainfo.contentLength),
            pieceLength: Int(metainfo.geometry.pieceLength), magnet: "\(MagnetLink(metainfo))", output: self.output)
        if self.options.json { return Output.line(try JSONCoding.encode(result)) }
        var fields = FieldList()
        fields.append("created", result.name)
        fields.append("info-hash", result.infoHash.description)
        fields.append("v2 hash", result.infoHashV2)
        fields.append("size", "\(SizeText.size(result.size)), pieces of \(SizeText.size(result.pieceLength))")
        fields.append("magnet", result.magnet)
        fields.append("written", result.output)
        Output.write(fields.text)
    }

    /// What `--json` prints.
    private struct Created: Encodable {
        let infoHash: InfoHash
        let infoHashV2: String?
        let name: String
        let size: Int
        let pieceLength: Int
        let magnet: String
        let output: String

        enum CodingKeys: String, CodingKey {
            case infoHash = "info_hash"
            case infoHashV2 = "info_hash_v2"
            case name
            case size
            case pieceLength = "piece_length"
            case magnet
            case output
        }
    }
}
