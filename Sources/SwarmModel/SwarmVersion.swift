// SPDX-License-Identifier: Apache-2.0

/// The version that all programs of one build have.
package enum SwarmVersion {
    /// Major, minor and patch, as in `0.1.0`.
    package static let current = "0.1.0"
}
