// SPDX-License-Identifier: Apache-2.0

extension ControlError: ControlObject {
    /// The fields of the `error` member.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case code
        case message
        case data
    }

    /// Reads the `error` member of a response; a code that this build does not know becomes `internalError`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let extra = try container.decodeIfPresent(ControlErrorData.self, forKey: .data)
        self.init(
            ControlErrorCode(rawValue: try container.decode(Int.self, forKey: .code)) ?? .internalError,
            try container.decode(String.self, forKey: .message),
            candidates: extra?.candidates ?? [])
    }

    /// Writes the `error` member of a response.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.code.rawValue, forKey: .code)
        try container.encode(self.message, forKey: .message)
        let extra = ControlErrorData(
            name: self.code.name, candidates: self.candidates.isEmpty ? nil : self.candidates)
        try container.encode(extra, forKey: .data)
    }
}
