// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText

/// A rate as people type it: `5MiB`, `500 kB`, `1.5M`, `none` or `0` for no limit.
struct RateArgument {
    /// Bytes a second; 0 for no limit.
    let bytesPerSecond: Int

    /// Reads what was typed; throws with examples of what can be.
    static func read(_ argument: String) throws -> RateArgument {
        guard let rate = RateArgument(argument) else {
            throw ValidationError("\u{201C}\(argument)\u{201D} is no rate; rates are 5MiB, 800K (1K at least) or none")
        }
        return rate
    }

    private init?(_ argument: String) {
        let text = argument.lowercased().hasSuffix("/s") ? String(argument.dropLast(2)) : argument
        if ["none", "off", "unlimited"].contains(text.lowercased()) {
            self.bytesPerSecond = 0
        } else if let bytes = SizeText.parse(text), bytes == 0 || bytes >= 1_024 {
            self.bytesPerSecond = bytes
        } else {
            return nil
        }
    }
}
