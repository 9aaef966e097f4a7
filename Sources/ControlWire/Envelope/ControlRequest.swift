// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// One request, its parameters not decoded yet.
package struct ControlRequest: Equatable, Sendable {
    /// What the client calls it; nil for a notification, which gets no answer.
    package let id: RequestID?
    /// The method.
    package let method: String
    /// The JSON text of the parameters: an object.
    package let params: [UInt8]

    /// Takes the parts as they are.
    package init(id: RequestID?, method: String, params: [UInt8]) {
        self.id = id
        self.method = method
        self.params = params
    }

    /// Makes a request for a method.
    package init<Method: ControlMethod>(
        _ method: Method.Type, _ params: Method.Params, id: RequestID?
    ) throws(ControlError) {
        self.init(id: id, method: Method.name, params: try JSONCoding.encode(params))
    }

    /// The request as one line, its end included.
    package var line: [UInt8] {
        get throws(ControlError) {
            var line = Array(#"{"jsonrpc":"2.0","#.utf8)
            if let id = self.id {
                line += Array(#""id":"#.utf8)
                line += try JSONCoding.encode(id)
                line += Array(",".utf8)
            }
            line += Array(#""method":"#.utf8)
            line += try JSONCoding.encode(self.method)
            line += Array(#","params":"#.utf8)
            line += self.params
            line += Array("}\n".utf8)
            return line
        }
    }

    /// The parameters by type. Throws `invalidParams` that names the field and, for a misspelt one, the right spelling.
    package func decoded<Params: ControlObject>(as type: Params.Type) throws(ControlError) -> Params {
        do throws(JSONFault) {
            guard case .object(let members) = try JSONOutline(of: self.params) else {
                throw JSONFault(offset: 0, reason: "must be an object: parameters go by name")
            }
            for member in members where !Params.fieldNames.contains(member.key) {
                throw JSONFault(offset: member.value.lowerBound, reason: Self.unknown(member.key, Params.fieldNames))
            }
        } catch {
            throw ControlError(.invalidParams, "\(self.method): params: \(error.reason)")
        }
        do throws(ControlError) {
            return try JSONCoding.decode(type, from: self.params)
        } catch {
            throw ControlError(.invalidParams, "\(self.method): \(error.message)")
        }
    }

    private static func unknown(_ key: String, _ known: [String]) -> String {
        guard let nearest = NearestName.nearest(to: key, among: known) else {
            return "no field is called \(key.prefix(NearestName.longest))"
        }
        return "no field is called \(key); did you mean \(nearest)?"
    }
}
