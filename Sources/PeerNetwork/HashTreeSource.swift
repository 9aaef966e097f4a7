// SPDX-License-Identifier: Apache-2.0

package import PieceStore

/// Where the hash trees of a torrent are (BEP 52). They are read when somebody asks: most torrents are never asked.
package struct HashTreeSource: Sendable {
    /// Reads them; nil when they cannot be had. Called on the torrent's loop; may take its time.
    package let load: @Sendable () async -> HashTrees?

    /// Takes it as it is.
    package init(load: @escaping @Sendable () async -> HashTrees?) {
        self.load = load
    }
}
