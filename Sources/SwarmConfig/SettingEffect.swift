// SPDX-License-Identifier: Apache-2.0

/// When a changed value is used.
package enum SettingEffect: Hashable, Sendable {
    /// On reload, or at once when it is set in the running program.
    case live
    /// When the program starts again.
    case restart

    /// As the default file says it.
    package var sentence: String {
        switch self {
        case .live: "Takes effect on reload."
        case .restart: "Needs a restart."
        }
    }
}
