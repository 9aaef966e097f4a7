// SPDX-License-Identifier: Apache-2.0

/// A web server that has the torrent (BEP 19).
package struct WebSeedStatus: ControlObject {
    /// Its URL, as the torrent has it.
    package var url: String
    /// What it is doing.
    package var state: WebSeedState
    /// Payload bytes a second from it.
    package var downRate: Int
    /// Payload bytes from it since the torrent was brought up.
    package var downloaded: Int
    /// Blocks asked of it that are not here yet.
    package var requests: Int
    /// What went wrong last; absent while nothing does.
    package var message: String?
    /// Seconds until it is asked again; absent unless it waits.
    package var retryIn: Int?

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case url
        case state
        case downRate = "down_rate"
        case downloaded
        case requests
        case message
        case retryIn = "retry_in"
    }

    /// Takes the fields as they are.
    package init(
        url: String, state: WebSeedState, downRate: Int = 0, downloaded: Int = 0, requests: Int = 0,
        message: String? = nil, retryIn: Int? = nil
    ) {
        self.url = url
        self.state = state
        self.downRate = downRate
        self.downloaded = downloaded
        self.requests = requests
        self.message = message
        self.retryIn = retryIn
    }
}
