// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire

/// Why a command did not do what it was asked.
enum Failure: Error {
    /// The daemon answered with an error.
    case refused(ControlError)
    /// Something on this side failed: a file, a torrent that was waited for.
    case failed(String)
    /// The arguments do not fit each other.
    case usage(String)
    /// The daemon cannot be reached, or broke off.
    case unreachable(String)
    /// It was not complete when the time to wait was over.
    case timedOut(String)
    /// Several were asked for, and some failed; each said so already.
    case partly

    static let failedStatus: Int32 = 1
    static let usageStatus: Int32 = 2

    /// The exit status.
    var exitStatus: Int32 {
        switch self {
        case .refused, .failed, .partly: Self.failedStatus
        case .usage: Self.usageStatus
        case .unreachable: 3
        case .timedOut: 4
        }
    }

    /// The same with `subject` before the message, where what the daemon was sent is at fault.
    func about(_ subject: String) -> Failure {
        guard case .refused(let error) = self else { return self }
        switch error.code {
        case .malformedTorrent, .refused, .exists:
            return .refused(
                ControlError(error.code, "\(subject): \(error.message)", candidates: error.candidates))
        case .parse, .invalidRequest, .methodNotFound, .invalidParams, .internalError, .notFound, .ambiguous, .storage,
            .permission, .timeout, .remote, .busy, .cancelled, .unreachable, .expired:
            return self
        }
    }

    /// What goes to standard error.
    var text: String {
        switch self {
        case .refused(let error): Report.error(error)
        case .failed(let message), .usage(let message), .unreachable(let message), .timedOut(let message):
            "swarmctl: \(Printable.clean(message))\n"
        case .partly: ""
        }
    }

    /// The same for `--json`; nil when it was said already.
    var controlError: ControlError? {
        switch self {
        case .refused(let error): error
        case .failed(let message): ControlError(.refused, message)
        case .usage(let message): ControlError(.invalidParams, message)
        case .unreachable(let message): ControlError(.unreachable, message)
        case .timedOut(let message): ControlError(.timeout, message)
        case .partly: nil
        }
    }
}
