// SPDX-License-Identifier: Apache-2.0

/// A line that the daemon sends unasked, to those who subscribed: a JSON-RPC 2.0 notification.
package enum ControlNotification: Equatable, Sendable {
    /// Something happened.
    case event(EventStatus)
    /// The subscription is over, because its reader was too slow.
    case dropped(EventsDropped)

    /// The method of `event`.
    package static let eventMethod = "events.event"
    /// The method of `dropped`.
    package static let droppedMethod = "events.dropped"
    /// The methods and what they carry, for the documentation.
    package static let all: [(method: String, params: any ControlObject.Type)] = [
        (Self.eventMethod, EventStatus.self), (Self.droppedMethod, EventsDropped.self),
    ]

    /// The line for parameters that are JSON text already, its end included.
    package static func line(_ method: String, _ params: [UInt8]) -> [UInt8] {
        var line = JSONLine()
        line.raw("{\"jsonrpc\":\"2.0\",\"method\":\"")
        line.raw(Array(method.utf8))
        line.raw("\",\"params\":")
        var bytes = line.bytes
        bytes.reserveCapacity(bytes.count + params.count + 2)
        bytes += params
        bytes += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
        return bytes
    }

    /// Reads a line (without its end) that a daemon sent; nil when it is another one, such as an answer or a
    /// notification of a later version. Throws when its parameters do not fit.
    package init?(line: [UInt8]) throws(ControlError) {
        guard case .request(let request) = ControlIncoming(line: line), request.id == nil else { return nil }
        switch request.method {
        case Self.eventMethod: self = .event(try JSONCoding.decode(EventStatus.self, from: request.params))
        case Self.droppedMethod: self = .dropped(try JSONCoding.decode(EventsDropped.self, from: request.params))
        default: return nil
        }
    }
}
