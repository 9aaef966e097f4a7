// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

extension ScrapeReply {
    /// Reads an answer to a scrape (BEP 48). Entries whose key is no hash or whose value is no dictionary are passed over.
    package init(decoding bytes: some Collection<UInt8>) throws(TrackerReplyError) {
        let root = try ReplyReader(bytes, limit: AnnounceReply.maximumLength)
        if let refusal = try root.refusal() {
            self = .refused(refusal)
            return
        }
        guard let files = root["files"] else { throw .missing("files") }
        guard let dictionary = files.dictionary else { throw .wrongType("files") }
        var response = ScrapeResponse(entries: [])
        for (key, value) in dictionary {
            guard let hash = InfoHash(bytes: key), value.dictionary != nil else { continue }
            response.entries.append(ScrapeResponse.Entry(infoHash: hash, counts: value))
        }
        if let seconds = root["flags"]?["min_request_interval"]?.integer {
            response.minimumInterval = .seconds(min(max(seconds, 0), 31_536_000))
        }
        self = .accepted(response)
    }

    /// The bencoded answer.
    package var encoded: [UInt8] {
        switch self {
        case .refused(let refusal): refusal.encoded
        case .accepted(let response): response.encoded
        }
    }
}

extension ScrapeResponse {
    /// The bencoded answer. A torrent that is there twice is written once.
    fileprivate var encoded: [UInt8] {
        let sorted = self.entries.map { (key: $0.infoHash.bytes, entry: $0) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var writer = BencodeWriter(reserving: 32 + sorted.count * 96)
        writer.dictionary { writer in
            writer.key("files")
            writer.dictionary { writer in
                for (index, item) in sorted.enumerated() where index == 0 || sorted[index - 1].key != item.key {
                    writer.key(item.key)
                    item.entry.write(to: &writer)
                }
            }
            if let minimum = self.minimumInterval {
                writer.key("flags")
                writer.dictionary { writer in
                    writer.key("min_request_interval")
                    writer.write(minimum.wholeSeconds)
                }
            }
        }
        return writer.bytes
    }
}

extension ScrapeResponse.Entry {
    fileprivate init(infoHash: InfoHash, counts: BencodeValue) {
        self.init(
            infoHash: infoHash,
            complete: UInt64(clamping: counts["complete"]?.integer ?? 0),
            incomplete: UInt64(clamping: counts["incomplete"]?.integer ?? 0),
            downloaded: UInt64(clamping: counts["downloaded"]?.integer ?? 0))
    }

    fileprivate func write(to writer: inout BencodeWriter) {
        writer.dictionary { writer in
            writer.key("complete")
            writer.write(Int64(clamping: self.complete))
            writer.key("downloaded")
            writer.write(Int64(clamping: self.downloaded))
            writer.key("incomplete")
            writer.write(Int64(clamping: self.incomplete))
        }
    }
}
