// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import SwarmModel

/// `share`: seeds a file or folder where it lies.
struct ShareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share", abstract: "Seed a file or folder, and put it in the catalogue.",
        usage: "swarmctl share [OPTION]… PATH",
        discussion: "Example: swarmctl share /srv/data/release-42")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var making: MakingOptions

    @Argument(help: "The file or folder; the daemon must be able to read it.", completion: .file())
    var path: String

    @Option(help: ArgumentHelp("Write the .torrent file here too.", valueName: "file"), completion: .file())
    var output: String?

    func run() throws {
        let params = TorrentShare.Params(
            path: try LocalFile.absolute(self.path), trackers: self.making.trackers,
            pieceLength: try self.making.pieceLength(), isPrivate: self.making.private, kind: self.making.kind,
            comment: self.making.comment, webSeeds: self.making.webSeeds)
        if let output = self.output { try LocalFile.checkWritable(output) }
        let client = try self.options.connect()
        let job = try self.options.wait(for: try client.call(TorrentShare.self, params), client)
        guard let hash = job.infoHash else { throw Failure.failed("swarmd did not say which torrent it made") }
        let selector = SelectorParams(id: TorrentSelector(hash.description))
        if let output = self.output {
            try LocalFile.write(try client.call(TorrentMetainfo.self, selector).metainfo.bytes, to: output)
        }
        let text = try client.callForText(TorrentShow.self, selector)
        if self.options.json { return Output.line(text) }
        let detail = try ControlClient.decode(TorrentDetail.self, text)
        var fields = FieldList()
        fields.append("shared", detail.summary.name)
        fields.append("info-hash", hash.description)
        fields.append("v2 hash", detail.infoHashV2)
        fields.append("size", SizeText.size(detail.summary.size))
        fields.append("folder", detail.dir)
        fields.append("magnet", detail.magnet)
        fields.append("written", self.output)
        Output.write(fields.text)
    }
}
