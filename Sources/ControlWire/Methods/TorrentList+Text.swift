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
        let fields = TorrentSummary.fields(self.selection)
        for (index, torrent) in self.torrents.enumerated() {
            if index > 0 { line.raw(",") }
            torrent.write(fields, to: &line)
        }
        line.raw("]")
        if let total = self.total {
            line.raw(",\"total\":")
            line.number(total)
        }
        line.raw("}")
        return line.bytes
    }
}

extension TorrentSummary {
    /// A field, and what stands before its value in an object.
    fileprivate struct Field {
        let key: CodingKeys
        let head: [UInt8]
    }

    /// The fields that are written, in the order of their names; nil for all.
    fileprivate static func fields(_ selection: Set<String>?) -> [Field] {
        CodingKeys.allCases.filter { selection?.contains($0.stringValue) ?? true }
            .sorted { $0.stringValue < $1.stringValue }
            .enumerated().map { Field(key: $1, head: Array("\($0 == 0 ? "{" : ",")\"\($1.stringValue)\":".utf8)) }
    }

    fileprivate func write(_ fields: [Field], to line: inout JSONLine) {
        for field in fields {
            line.raw(field.head)
            self.write(field.key, to: &line)
        }
        line.raw("}")
    }

    private func write(_ key: CodingKeys, to line: inout JSONLine) {
        switch key {
        case .infoHash: line.string("\(self.infoHash)")
        case .name: line.string(self.name)
        case .state: line.string(self.state.rawValue)
        case .progress: line.number(self.progress)
        case .size: line.number(self.size)
        case .downloaded: line.number(self.downloaded)
        case .uploaded: line.number(self.uploaded)
        case .downRate: line.number(self.downRate)
        case .upRate: line.number(self.upRate)
        case .peers: line.number(self.peers)
        case .seeds: line.number(self.seeds)
        case .eta: line.number(self.eta)
        case .error: line.string(self.error)
        case .queuePosition: line.number(self.queuePosition)
        case .labels:
            line.raw("[")
            for (index, label) in self.labels.enumerated() {
                if index > 0 { line.raw(",") }
                line.string(label)
            }
            line.raw("]")
        }
    }
}
