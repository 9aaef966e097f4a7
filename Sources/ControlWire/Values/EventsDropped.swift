// SPDX-License-Identifier: Apache-2.0

/// Tells a subscriber that it will hear no more, because it read too slowly.
package struct EventsDropped: ControlObject {
    /// The cursor of the last event that was sent.
    package var cursor: String
    /// One sentence for a person.
    package var message: String

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case cursor
        case message
    }

    /// Takes the fields as they are.
    package init(cursor: String, message: String) {
        self.cursor = cursor
        self.message = message
    }
}
