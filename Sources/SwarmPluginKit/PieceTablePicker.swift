// SPDX-License-Identifier: Apache-2.0

/// Base of pickers that go by states and priorities: keeps them in a table.
open class PieceTablePicker: Picker {
    /// What the host told of the pieces.
    public final var table: PieceTable

    /// A picker for the torrent of `setup`.
    public init(_ setup: PluginSetup) {
        self.table = PieceTable(pieceCount: setup.pieceCount)
        super.init()
    }

    open override func setState(_ piece: UInt32, _ state: UInt32) { _ = self.table.setState(piece, state) }
    open override func setPriority(_ piece: UInt32, _ priority: UInt32) { _ = self.table.setPriority(piece, priority) }
}
