// SPDX-License-Identifier: Apache-2.0

/// Whether piece data is compressed between Swarm peers.
package enum CompressionPolicy: String, Hashable, Sendable, CaseIterable {
    case auto
    case always
    case never
}

extension CompressionPolicy: SettingChoice {}
