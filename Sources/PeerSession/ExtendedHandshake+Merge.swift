// SPDX-License-Identifier: Apache-2.0

import PeerWire

extension ExtendedHandshake {
    /// Takes over what a later handshake of the same peer says; what it leaves out stands (BEP 10).
    mutating func merge(_ later: ExtendedHandshake) {
        for (name, id) in later.messages
        where self.messages[name] != nil || self.messages.count < ExtendedHandshake.extensionLimit {
            self.messages[name] = id == 0 ? nil : id
        }
        self.clientName = later.clientName ?? self.clientName
        self.listenPort = later.listenPort ?? self.listenPort
        self.requestLimit = later.requestLimit ?? self.requestLimit
        self.metadataSize = later.metadataSize ?? self.metadataSize
        self.receiverAddress = later.receiverAddress ?? self.receiverAddress
        self.isUploadOnly = later.isUploadOnly ?? self.isUploadOnly
        self.blockLimit = later.blockLimit ?? self.blockLimit
    }
}
