// SPDX-License-Identifier: Apache-2.0

package import ControlWire

extension Report {
    /// One line of `events`, without its time and its end. What wants a look is marked.
    package static func event(_ event: EventStatus) -> String {
        let mark =
            switch event.level {
            case "error", "warning": "\(event.level): "
            default: ""
            }
        return Printable.clean("\(event.event)  \(mark)\(event.message)")
    }
}
