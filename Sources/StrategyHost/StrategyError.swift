// SPDX-License-Identifier: Apache-2.0

/// Why a strategy cannot be used: one line that says what, where, and what to do.
package struct StrategyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: String, Hashable, Sendable {
        /// No folder holds such a plugin.
        case notFound
        /// The file's owner or mode does not allow it to be loaded by a service.
        case notTrusted
        /// The file is not a whole shared object, or the dynamic linker refused it.
        case notLoadable
        /// It was written for another version of the interface.
        case wrongVersion
        /// It is of another kind, or calls itself otherwise.
        case wrongPlugin
        /// Its description of itself makes no sense.
        case badDescription
        /// An option is unknown, or its value is not allowed.
        case badOption
        /// It made no instance for this torrent.
        case refused
        /// It crashed, or did not come back, when it was tried.
        case crashed
        /// It did not come back from a call, and is kept out.
        case quarantined
        /// It gave too many wrong answers.
        case turnedOff
    }

    /// What kind of trouble it is.
    package let code: Code
    /// One line for people, with names and paths.
    package let message: String

    package var description: String { self.message }

    /// The same with what to do about it.
    package func advising(_ advice: String) -> StrategyError {
        StrategyError(code: self.code, message: "\(self.message); \(advice)")
    }
}
