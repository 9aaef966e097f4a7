// SPDX-License-Identifier: Apache-2.0

import TrackerCore
import TrackerWire

extension AnnounceRejection {
    /// The refusal with when it makes sense to ask again (BEP 31).
    var refusal: TrackerRefusal {
        let retry: TrackerRefusal.Retry =
            switch self {
            case .portZero, .unusableAddress, .denied, .unknownPasskey, .banned: .never
            case .tooManyTorrents, .tooManyPeers, .crowdedTorrent, .crowdedAddress: .minutes(15)
            case .notAllowed: .minutes(60)
            }
        return TrackerRefusal(reason: self.description, retry: retry)
    }
}
