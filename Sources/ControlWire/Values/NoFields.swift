// SPDX-License-Identifier: Apache-2.0

/// An object without fields: the parameters or the result of a method that needs none.
package struct NoFields: ControlObject {

    /// The fields, spelt as on the wire.
    package enum CodingKeys: CodingKey, CaseIterable {}

    /// Takes the fields as they are.
    package init() {}
}
