// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
package import TrackerCore
import TrackerWire

/// The files that say which torrents and whom the tracker serves: one info-hash, or one passkey, a line; what follows it
/// after a blank, and lines that begin with `#`, are for people.
package struct AccessLists: Hashable, Sendable {
    /// Most bytes of a file: three million info-hashes.
    private static let longestFile = 128 << 20

    /// Only torrents that are in this file are served.
    package var allowed: String?
    /// Torrents that are in this file are not.
    package var denied: String?
    /// Only who has a passkey that is in this file is served.
    package var passkeys: String?

    /// No lists.
    package init() {}

    /// Reads the files.
    package func rules() throws(TrackerServerError) -> AccessRules {
        var rules = AccessRules()
        if let path = self.allowed { rules.allowed = try Self.infoHashes(path) }
        if let path = self.denied { rules.denied = try Self.infoHashes(path) }
        if let path = self.passkeys { rules.passkeys = try Self.keys(path) }
        return rules
    }

    private static func infoHashes(_ path: String) throws(TrackerServerError) -> Set<InfoHash> {
        var hashes: Set<InfoHash> = []
        try self.eachWord(path) { word, line throws(TrackerServerError) in
            guard let hash = InfoHash(hex: String(decoding: word, as: UTF8.self)) else {
                throw TrackerServerError("\(path):\(line): an info-hash has forty hexadecimal digits")
            }
            hashes.insert(hash)
        }
        return hashes
    }

    private static func keys(_ path: String) throws(TrackerServerError) -> Set<[UInt8]> {
        var keys: Set<[UInt8]> = []
        try self.eachWord(path) { word, line throws(TrackerServerError) in
            let isPlain = word.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2d || $0 == 0x5f
            }
            guard isPlain, word.count <= TrackerTarget.longestPasskey else {
                throw TrackerServerError(
                    "\(path):\(line): a passkey has at most \(TrackerTarget.longestPasskey) letters, digits, - and _")
            }
            keys.insert(Array(word))
        }
        return keys
    }

    private static func eachWord(
        _ path: String, _ body: (ArraySlice<UInt8>, Int) throws(TrackerServerError) -> Void
    ) throws(TrackerServerError) {
        let text = try self.contents(path)
        var line = 1
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0a) ?? text.count
            let words = text[start..<end].drop { $0 <= 0x20 }
            let word = words.prefix { $0 > 0x20 }
            if let first = word.first, first != UInt8(ascii: "#") { try body(word, line) }
            line += 1
            start = end + 1
        }
    }

    private static func contents(_ path: String) throws(TrackerServerError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw TrackerServerError("\(path) cannot be read: \(self.reason(errno))") }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw TrackerServerError("\(path) cannot be read: \(self.reason(errno))") }
            guard count > 0 else { return text }
            text += chunk.prefix(count)
            guard text.count <= self.longestFile else {
                throw TrackerServerError("\(path) is longer than \(self.longestFile >> 20) MiB")
            }
        }
    }

    private static func reason(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
