// SPDX-License-Identifier: Apache-2.0

extension TorrentList.Result: JSONText {
    /// The answer's text, keys in their order.
    package var jsonText: [UInt8] {
        var line = JSONLine()
        line.raw("{")
        if let next = self.next {
            line.raw("\"next\":")
            line.string(next)
            line.raw(",")
        }
        line.raw("\"torrents\":[")
        for (index, torrent) in self.torrents.enumerated() {
            if index > 0 { line.raw(",") }
            torrent.write(to: &line)
        }
        line.raw("]}")
        return line.bytes
    }
}

extension TorrentSummary {
    fileprivate func write(to line: inout JSONLine) {
        line.raw("{\"down_rate\":")
        line.number(self.downRate)
        line.raw(",\"downloaded\":")
        line.number(self.downloaded)
        line.raw(",\"error\":")
        line.string(self.error)
        line.raw(",\"eta\":")
        line.number(self.eta)
        line.raw(",\"info_hash\":")
        line.string("\(self.infoHash)")
        line.raw(",\"name\":")
        line.string(self.name)
        line.raw(",\"peers\":")
        line.number(self.peers)
        line.raw(",\"progress\":")
        line.number(self.progress)
        line.raw(",\"seeds\":")
        line.number(self.seeds)
        line.raw(",\"size\":")
        line.number(self.size)
        line.raw(",\"state\":")
        line.string(self.state.rawValue)
        line.raw(",\"up_rate\":")
        line.number(self.upRate)
        line.raw(",\"uploaded\":")
        line.number(self.uploaded)
        line.raw("}")
    }
}
