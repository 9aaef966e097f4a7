// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// JSON to and from typed values. The coders are made for each use: they are cheap and not safe to share.
package enum JSONCoding {
    /// The JSON text of `value`, on one line.
    package static func encode(_ value: some Encodable) throws(ControlError) -> [UInt8] {
        if let value = value as? any JSONText { return value.jsonText }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw ControlError(.internalError, "the answer cannot be written as JSON: \(error)")
        }
    }

    /// The value that `text` stands for; the error names the field that does not fit.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from text: some Sequence<UInt8>
    ) throws(ControlError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text))
        } catch let error as DecodingError {
            throw ControlError(.invalidParams, Self.words(for: error))
        } catch {
            throw ControlError(.invalidParams, "\(error)")
        }
    }

    /// The string that a JSON string (with its quotes) stands for.
    static func string(_ text: ArraySlice<UInt8>) -> String {
        guard text.contains(UInt8(ascii: "\\")) else {
            return String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        }
        return (try? JSONDecoder().decode(String.self, from: Data(text))) ?? ""
    }

    private static func words(for error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "the field \(Self.path(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "the field \(Self.path(context.codingPath)) must not be null"
        case .typeMismatch(let type, let context):
            "the field \(Self.path(context.codingPath)) must be \(Self.words(for: type))"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: context.debugDescription
        case .dataCorrupted(let context):
            "the field \(Self.path(context.codingPath)): \(Self.corruption(context))"
        @unknown default: "\(error)"
        }
    }

    private static func corruption(_ context: DecodingError.Context) -> String {
        context.debugDescription.isEmpty ? "bad value" : context.debugDescription
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        var text = ""
        for key in keys {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return text
    }

    private static func words(for type: any Any.Type) -> String {
        if type == String.self { return "a string" }
        if type == Bool.self { return "true or false" }
        if type == Int.self { return "a whole number" }
        if type == Double.self { return "a number" }
        let name = "\(type)"
        return name.hasPrefix("Array") || name.hasPrefix("[") ? "an array" : "an object"
    }
}
