// SPDX-License-Identifier: Apache-2.0

/// A value that lies on its own, so that what holds it needs room for a pointer only: for large values of which there are very
/// many in a table, or mostly none. A change costs an allocation.
package struct Boxed<Value: Sendable>: Sendable {
    private final class Storage: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private var storage: Storage

    /// Boxes a value.
    package init(_ value: Value) {
        self.storage = Storage(value)
    }

    /// The value.
    package var value: Value {
        get { self.storage.value }
        set { self.storage = Storage(newValue) }
    }
}
