// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Glibc
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
        case let error as CreationError: self.init(creation: error)
        case let error as FileLayoutError: self.init(.malformedTorrent, "\(error)")
        case is CancellationError: self.init(.cancelled, "the operation was cancelled")
        default: self.init(.internalError, "\(error)")
        }
    }

    private init(creation error: CreationError) {
        switch error.problem {
        case .unreadable(EACCES): self.init(.storage, "\(error); \(DaemonUser.advice)")
        case .unreadable, .changed: self.init(.storage, "\(error)")
        case .nameNotUTF8, .notAFile, .linkLeadsOut, .tooDeep: self.init(.refused, "\(error)")
        }
    }
}
