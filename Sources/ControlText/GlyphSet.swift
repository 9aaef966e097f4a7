// SPDX-License-Identifier: Apache-2.0

/// Which characters drawings are made of.
package enum GlyphSet: Sendable {
    /// Blocks, shades and arrows.
    case unicode
    /// What every terminal has.
    case ascii

    /// What the locale of an environment can show (locale(7)): the first variable that is set decides; none at all is the
    /// locale C.
    package init(everything: String?, characterType: String?, language: String?) {
        let locale = [everything, characterType, language].lazy.compactMap { $0 }.first { !$0.isEmpty } ?? "C"
        let codeset = locale.lowercased().filter { $0 != "-" }
        self = codeset.contains("utf8") ? .unicode : .ascii
    }
}
