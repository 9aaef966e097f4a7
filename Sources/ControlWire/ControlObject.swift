// SPDX-License-Identifier: Apache-2.0

/// A JSON object of the control protocol: its coding keys are its fields, so that code can name them (for the check of
/// misspelt parameters, and for the test that the documentation is complete).
package protocol ControlObject: Codable, Equatable, Sendable {
    /// The fields, spelt as on the wire.
    associatedtype CodingKeys: CodingKey & CaseIterable
    /// The names of the fields as they stand on the wire, in declaration order.
    static var fieldNames: [String] { get }
}

extension ControlObject {
    /// The names of the coding keys.
    package static var fieldNames: [String] { Self.CodingKeys.allCases.map(\.stringValue) }
}
