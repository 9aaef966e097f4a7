// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Something that happened in the daemon, as its log tells it: the kinds and their words are the same.
package struct EventStatus: ControlObject {
    /// What to pass as `since` to go on behind it.
    package var cursor: String
    /// When it happened, seconds since 1970.
    package var time: Int
    /// Its kind, such as `torrent-finished`.
    package var event: String
    /// How important it is: `info`, `notice`, `warning` or `error`.
    package var level: String
    /// One sentence for a person.
    package var message: String
    /// The torrent that it is about, when it is about one.
    package var infoHash: InfoHash?
    /// The torrent's name.
    package var name: String?
    /// The facts of the sentence once more, by name.
    package var details: [String: String]

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case cursor
        case time
        case event
        case level
        case message
        case infoHash = "info_hash"
        case name
        case details
    }

    /// Takes the fields as they are.
    package init(
        cursor: String, time: Int, event: String, level: String, message: String, infoHash: InfoHash? = nil,
        name: String? = nil, details: [String: String] = [:]
    ) {
        self.cursor = cursor
        self.time = time
        self.event = event
        self.level = level
        self.message = message
        self.infoHash = infoHash
        self.name = name
        self.details = details
    }
}

extension EventStatus: JSONText {
    /// The event's text, keys in their order. Written by hand because events are written where they happen.
    package var jsonText: [UInt8] {
        var line = JSONLine()
        line.raw("{\"cursor\":")
        line.string(self.cursor)
        line.raw(",\"details\":{")
        for (index, detail) in self.details.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { line.raw(",") }
            line.string(detail.key)
            line.raw(":")
            line.string(detail.value)
        }
        line.raw("},\"event\":")
        line.string(self.event)
        if let infoHash = self.infoHash {
            line.raw(",\"info_hash\":")
            line.string("\(infoHash)")
        }
        line.raw(",\"level\":")
        line.string(self.level)
        line.raw(",\"message\":")
        line.string(self.message)
        if let name = self.name {
            line.raw(",\"name\":")
            line.string(name)
        }
        line.raw(",\"time\":")
        line.number(self.time)
        line.raw("}")
        return line.bytes
    }
}
