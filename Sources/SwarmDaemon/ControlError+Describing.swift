// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Metainfo
import PieceStore
import StateStore
import StrategyHost

extension ControlError {
    /// What a caller is told of an error from inside: the kind by its code, the sentence as the room wrote it.
    init(describing error: any Error) {
        switch error {
        case let error as ControlError: self = error
        case let error as MetainfoError: self.init(.malformedTorrent, "\(error)")
        case let error as StorageError: self.init(.storage, "\(error)")
        case let error as StateError: self.init(.storage, "\(error)")
        case let error as StrategyError: self.init(.notFound, "\(error)")
        case let error as CatalogueError: self.init(.remote, "\(error)")
        default: self.init(.internalError, "\(error)")
        }
    }
}
