// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Deflate
import PeerNetwork

extension TorrentCompression {
    /// The network's figures in the control protocol's words; nil while the torrent does not run.
    init(_ mode: CompressionMode, _ status: CompressionStatus?) {
        self.init(mode: mode.rawValue)
        guard let status else { return }
        self.sent = Int(clamping: status.sent)
        self.sentWire = Int(clamping: status.sentWire)
        self.received = Int(clamping: status.received)
        self.receivedWire = Int(clamping: status.receivedWire)
        let raw = status.sent + status.received
        self.ratio = raw == 0 ? 1 : Double(status.sentWire + status.receivedWire) / Double(raw)
        self.blocksCompressed = Int(clamping: status.blocksCompressed)
        self.bytesCompressed = Int(clamping: status.bytesCompressed)
        self.blocksSent = Int(clamping: status.blocksSent)
        self.blocksReused = Int(clamping: status.blocksReused)
        self.cached = status.cachedBytes
    }
}
