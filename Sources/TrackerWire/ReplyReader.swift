// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

/// The dictionary that every answer of a tracker is, with typed look-ups.
struct ReplyReader {
    /// Words for people are cut after so many bytes.
    static let maximumText = 512

    private let root: BencodeDictionary

    init(_ bytes: some Collection<UInt8>, limit: Int) throws(TrackerReplyError) {
        guard bytes.count <= limit else { throw .tooLong(limit) }
        let value: BencodeValue
        do throws(BencodeError) {
            value = try BencodeValue(parsing: bytes, limits: .message)
        } catch {
            throw .notBencode(error.description)
        }
        guard let root = value.dictionary else { throw .notBencode("it is another kind of value") }
        self.root = root
    }

    subscript(key: String) -> BencodeValue? { self.root[key] }

    /// A count that is not negative; negative ones read as 0.
    func count(_ key: String) throws(TrackerReplyError) -> UInt64? {
        guard let value = self.root[key] else { return nil }
        guard let number = value.integer else { throw .wrongType(key) }
        return UInt64(clamping: number)
    }

    /// A length of time in whole seconds, 0 to a year.
    func seconds(_ key: String) throws(TrackerReplyError) -> Interval? {
        try self.count(key).map { .seconds(Int64(min($0, 31_536_000))) }
    }

    func bytes(_ key: String) throws(TrackerReplyError) -> [UInt8]? {
        guard let value = self.root[key] else { return nil }
        guard let bytes = value.bytes else { throw .wrongType(key) }
        return Array(bytes)
    }

    /// Words for people: cut, and without control characters.
    func text(_ key: String) throws(TrackerReplyError) -> String? {
        guard let bytes = try self.bytes(key) else { return nil }
        let shown = bytes.prefix(Self.maximumText).map { $0 < 0x20 || $0 == 0x7f ? 0x20 : $0 }
        return String(decoding: shown, as: UTF8.self)
    }

    /// The refusal that this answer is, if it is one (BEP 3, 31).
    func refusal() throws(TrackerReplyError) -> TrackerRefusal? {
        guard let reason = try self.text("failure reason") else { return nil }
        var refusal = TrackerRefusal(reason: reason)
        if let retry = self.root["retry in"] {
            if let minutes = retry.integer {
                refusal.retry = .minutes(UInt32(clamping: minutes))
            } else if let word = retry.string {
                refusal.retry = word == "never" ? .never : UInt32(word).map { .minutes($0) }
            }
        }
        return refusal
    }
}
