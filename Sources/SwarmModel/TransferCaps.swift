// SPDX-License-Identifier: Apache-2.0

/// The most payload that may move, each way.
package struct TransferCaps: Hashable, Sendable {
    /// Bytes a second in; 0 for no cap.
    package var download: Int
    /// Bytes a second out; 0 for no cap.
    package var upload: Int

    /// No caps, where nothing is given.
    package init(download: Int = 0, upload: Int = 0) {
        self.download = download
        self.upload = upload
    }
}
