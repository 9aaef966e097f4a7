// SPDX-License-Identifier: Apache-2.0

/// What one line from a client holds.
package enum ControlIncoming: Equatable, Sendable {
    /// One request.
    case request(ControlRequest)
    /// Several that want one answer together.
    case batch([ControlIncoming.Element])
    /// Nothing that can be carried out: the answer that says so.
    case invalid(ControlReply)

    /// One element of a batch.
    package enum Element: Equatable, Sendable {
        /// A request.
        case request(ControlRequest)
        /// Something else: the answer that says so.
        case invalid(ControlReply)
    }

    /// Takes a line (without its end) apart. Never fails: what cannot be understood becomes the answer that says so.
    package init(line: [UInt8]) {
        do throws(JSONFault) {
            let outline = try JSONOutline(of: line)
            if case .array(let elements) = outline {
                self = Self.batch(of: elements, in: line)
            } else {
                switch Self.element(outline, in: line) {
                case .request(let request): self = .request(request)
                case .invalid(let reply): self = .invalid(reply)
                }
            }
        } catch {
            self = .invalid(
                ControlReply(id: .null, .parse, "the line is not JSON: \(error.reason) (byte \(error.offset))"))
        }
    }

    private static func batch(of elements: [Range<Int>], in line: [UInt8]) -> ControlIncoming {
        guard !elements.isEmpty else {
            return .invalid(ControlReply(id: .null, .invalidRequest, "an empty batch"))
        }
        guard elements.count <= ControlProtocol.maximumBatch else {
            let limit = ControlProtocol.maximumBatch
            return .invalid(
                ControlReply(id: .null, .invalidRequest, "a batch of \(elements.count); at most \(limit) are allowed"))
        }
        return .batch(
            elements.map { range in
                let text = Array(line[range])
                do throws(JSONFault) {
                    return Self.element(try JSONOutline(of: text), in: text)
                } catch {
                    return .invalid(ControlReply(id: .null, .parse, error.reason))
                }
            })
    }

    private static func element(_ outline: JSONOutline, in text: [UInt8]) -> Element {
        var id: RequestID?
        if let range = outline.value(of: "id") {
            id = try? JSONCoding.decode(RequestID.self, from: text[range])
            if id == nil { return Self.invalid(nil, "id must be a whole number, a string or null") }
        }
        guard case .object = outline else { return Self.invalid(nil, "a request must be an object") }
        guard let version = outline.value(of: "jsonrpc"), text[version].elementsEqual(#""2.0""#.utf8) else {
            return Self.invalid(id, #"jsonrpc must be "2.0""#)
        }
        guard let range = outline.value(of: "method"),
            let method = try? JSONCoding.decode(String.self, from: text[range])
        else { return Self.invalid(id, "method must be a string") }
        var params = Array("{}".utf8)
        if let range = outline.value(of: "params") { params = Array(text[range]) }
        return .request(ControlRequest(id: id, method: method, params: params))
    }

    private static func invalid(_ id: RequestID?, _ reason: String) -> Element {
        .invalid(ControlReply(id: id ?? .null, .invalidRequest, "not a JSON-RPC 2.0 request: \(reason)"))
    }
}
