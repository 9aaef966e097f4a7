// SPDX-License-Identifier: Apache-2.0

/// One `name=value` of a raw query, as ranges of its bytes; the value is still percent-encoded.
package struct QueryPair: Sendable {
    /// Where the name is.
    package let name: Range<Int>
    /// Where the value is; empty when there is no `=`.
    package let value: Range<Int>
}
