// SPDX-License-Identifier: Apache-2.0

/// One answer: the result as JSON text, or an error.
package struct ControlReply: Equatable, Sendable {
    /// What the client called the request.
    package let id: RequestID
    /// The JSON text of the result, or what went wrong.
    package let outcome: Result<[UInt8], ControlError>

    /// Takes the parts as they are.
    package init(id: RequestID, _ outcome: Result<[UInt8], ControlError>) {
        self.id = id
        self.outcome = outcome
    }

    /// An answer that is an error.
    package init(id: RequestID, _ code: ControlErrorCode, _ message: String) {
        self.init(id: id, .failure(ControlError(code, message)))
    }

    /// Reads a line (without its end) that a daemon sent; throws when it is no answer of this protocol.
    package init(line: [UInt8]) throws(ControlError) {
        let outline: JSONOutline
        do throws(JSONFault) {
            outline = try JSONOutline(of: line)
        } catch {
            throw ControlError(.parse, "the answer is not JSON: \(error.reason) (byte \(error.offset))")
        }
        self.id =
            try outline.value(of: "id").map { range throws(ControlError) in
                try JSONCoding.decode(RequestID.self, from: line[range])
            } ?? .null
        if let range = outline.value(of: "error") {
            self.outcome = .failure(try JSONCoding.decode(ControlError.self, from: line[range]))
        } else if let range = outline.value(of: "result") {
            self.outcome = .success(Array(line[range]))
        } else {
            throw ControlError(.invalidRequest, "the answer has neither a result nor an error")
        }
    }

    /// The answer as JSON text, without the end of a line.
    package var text: [UInt8] {
        var text = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
        text += (try? JSONCoding.encode(self.id)) ?? Array("null".utf8)
        switch self.outcome {
        case .success(let result):
            text += Array(#","result":"#.utf8)
            text += result
        case .failure(let error):
            text += Array(#","error":"#.utf8)
            text += (try? JSONCoding.encode(error)) ?? Array(#"{"code":-32603,"message":""}"#.utf8)
        }
        text += Array("}".utf8)
        return text
    }
}
