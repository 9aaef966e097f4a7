// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText

/// A rate as people type it: `5MiB`, `500 kB`, `1.5M`, `none` or `0` for no limit.
struct RateArgument: ExpressibleByArgument {
    /// Bytes a second; 0 for no limit.
    let bytesPerSecond: Int

    init?(argument: String) {
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
