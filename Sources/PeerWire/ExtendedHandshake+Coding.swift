// SPDX-License-Identifier: Apache-2.0

package import Bencode
import SwarmModel

extension ExtendedHandshake {
    /// Reads the message's payload. Throws when it is not bencode; nil when it is not a dictionary.
    package init?(parsing payload: some Collection<UInt8>) throws(BencodeError) {
        // Some clients append bytes after the dictionary: nothing is known of them, and nothing lost.
        let value = try BencodeValue(prefixOf: payload, limits: .message)
        guard let fields = value.dictionary else { return nil }
        self.init()
        self.messages = Self.messages(fields["m"])
        self.clientName = fields["v"]?.bytes.map { String(decoding: $0.prefix(Self.clientNameLimit), as: UTF8.self) }
        self.listenPort = fields["p"]?.integer.flatMap { $0 > 0 ? UInt16(exactly: $0) : nil }
        self.requestLimit = Self.positive(fields["reqq"])
        self.metadataSize = Self.positive(fields["metadata_size"])
        self.receiverAddress = fields["yourip"]?.bytes.flatMap { IPAddress(bytes: $0) }
        self.isUploadOnly = fields["upload_only"]?.integer.map { $0 != 0 }
        self.blockLimit = Self.positive(fields["sw_reqmax"]).flatMap { UInt32(exactly: $0) }
    }

    /// The message's payload, canonical.
    package var encoded: [UInt8] {
        var fields: [BencodeKey: BencodeTree] = [
            "m": .dictionary(
                Dictionary(
                    uniqueKeysWithValues: self.messages.map { (BencodeKey($0.key.utf8), .integer(Int64($0.value))) }))
        ]
        if let clientName { fields["v"] = .string(clientName) }
        if let listenPort { fields["p"] = .integer(Int64(listenPort)) }
        if let requestLimit { fields["reqq"] = .integer(Int64(requestLimit)) }
        if let metadataSize { fields["metadata_size"] = .integer(Int64(metadataSize)) }
        if let receiverAddress { fields["yourip"] = .bytes(receiverAddress.bytes) }
        if let isUploadOnly { fields["upload_only"] = .integer(isUploadOnly ? 1 : 0) }
        if let blockLimit { fields["sw_reqmax"] = .integer(Int64(blockLimit)) }
        return BencodeTree.dictionary(fields).encoded
    }

    private static func messages(_ value: BencodeValue?) -> [String: UInt8] {
        guard let entries = value?.dictionary else { return [:] }
        var messages: [String: UInt8] = [:]
        for (key, value) in entries {
            guard messages.count < Self.extensionLimit else { break }
            guard key.count <= Self.clientNameLimit, let number = value.integer, let id = UInt8(exactly: number) else {
                continue
            }
            let name = String(decoding: key, as: UTF8.self)
            if messages[name] == nil { messages[name] = id }
        }
        return messages
    }

    private static func positive(_ value: BencodeValue?) -> Int? {
        guard let number = value?.integer, number > 0 else { return nil }
        return Int(number)
    }
}
