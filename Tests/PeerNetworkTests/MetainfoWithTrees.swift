// SPDX-License-Identifier: Apache-2.0

import Metainfo

/// The kinds of torrent that have hash trees.
enum MetainfoWithTrees: Sendable {
    case v2
    case hybrid

    var kind: MetainfoBuilder.Kind { self == .v2 ? .v2 : .hybrid }
}
