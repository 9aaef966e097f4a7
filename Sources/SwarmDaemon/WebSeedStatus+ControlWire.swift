// SPDX-License-Identifier: Apache-2.0

import ControlWire
import PeerNetwork
import SwarmModel

extension ControlWire.WebSeedStatus {
    /// A web seed's figures in the control protocol's words.
    init(_ status: WebServerStatus) {
        let state: WebSeedState =
            switch status.phase {
            case .active: .active
            case .idle: .idle
            case .waiting: .waiting
            case .dropped: .dropped
            }
        self.init(
            url: status.url, state: state, downRate: Int(status.downloadRate),
            downloaded: Int(clamping: status.downloaded), requests: status.requests, message: status.problem,
            retryIn: status.pause.map { Int($0.inSeconds.rounded(.up)) })
    }
}

extension ControlWire.PeerStatus {
    /// A web seed in the list of peers, unless it is not asked any more: its address is its URL.
    init?(_ status: WebServerStatus) {
        guard status.phase != .dropped else { return nil }
        let isWanted = status.phase == .active
        self.init(
            address: status.url, client: "web seed", incoming: false,
            transport: status.url.lowercased().hasPrefix("https") ? "https" : "http",
            encrypted: status.url.lowercased().hasPrefix("https"), progress: 1, downRate: Int(status.downloadRate),
            upRate: 0, downloaded: Int(clamping: status.downloaded), uploaded: 0, interested: isWanted,
            choked: status.phase == .waiting, peerInterested: false, peerChoked: true, requests: status.requests,
            connected: 0)
    }
}
