// SPDX-License-Identifier: Apache-2.0

/// One file of a torrent.
package struct FileStatus: ControlObject {
    /// Its place in the torrent, from 0.
    package var index: Int
    /// Its path below the torrent's directory, `/` between the parts.
    package var path: String
    /// Its length in bytes.
    package var size: Int
    /// Bytes of it that are verified.
    package var done: Int
    /// 0 do not fetch, 1 normal, higher is sooner.
    package var priority: Int
    /// `skip`, `low`, `normal` or `high`.
    package var level: String

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case index
        case path
        case size
        case done
        case priority
        case level
    }

    /// Takes the fields as they are.
    package init(index: Int, path: String, size: Int, done: Int, priority: Int = 1, level: String = "normal") {
        self.index = index
        self.path = path
        self.size = size
        self.done = done
        self.priority = priority
        self.level = level
    }

    /// Reads the object; a field with a default may be absent.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.index = try container.decode(Int.self, forKey: .index)
        self.path = try container.decode(String.self, forKey: .path)
        self.size = try container.decode(Int.self, forKey: .size)
        self.done = try container.decode(Int.self, forKey: .done)
        self.priority = try container.decodeIfPresent(Int.self, forKey: .priority) ?? 1
        self.level = try container.decodeIfPresent(String.self, forKey: .level) ?? "normal"
    }
}
