// SPDX-License-Identifier: Apache-2.0

/// Where a torrent that is added gets into the queue.
package enum QueueEntry: String, Hashable, Sendable, CaseIterable {
    case last
    case first
}

extension QueueEntry: SettingChoice {}
