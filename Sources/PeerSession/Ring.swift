// SPDX-License-Identifier: Apache-2.0

/// A queue of trivial elements in one array that is reused for ever: append, take from the front, and now and then
/// remove from the middle. Grows by doubling; its owner keeps it bounded.
struct Ring<Element: BitwiseCopyable> {
    private var storage: [Element] = []
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { self.count == 0 }
    /// Elements that fit without allocating.
    var capacity: Int { self.storage.count }
    var first: Element? { self.count == 0 ? nil : self.storage[self.head] }

    /// The element at `index` counted from the front, which must exist.
    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < self.count, "element \(index) of \(self.count)")
            return self.storage[self.slot(index)]
        }
        set {
            precondition(index >= 0 && index < self.count, "element \(index) of \(self.count)")
            self.storage[self.slot(index)] = newValue
        }
    }

    mutating func append(_ element: Element) {
        if self.count == self.storage.count { self.grow(filling: element) }
        self.storage[self.slot(self.count)] = element
        self.count += 1
    }

    @discardableResult
    mutating func popFirst() -> Element? {
        guard self.count > 0 else { return nil }
        let element = self.storage[self.head]
        self.head = self.slot(1)
        self.count -= 1
        return element
    }

    /// Removes the element at `index`, which must exist, by moving the shorter side. The front costs nothing.
    mutating func remove(at index: Int) {
        precondition(index >= 0 && index < self.count, "element \(index) of \(self.count)")
        if index < self.count / 2 {
            var place = index
            while place > 0 {
                self.storage[self.slot(place)] = self.storage[self.slot(place - 1)]
                place -= 1
            }
            self.head = self.slot(1)
        } else {
            var place = index
            while place < self.count - 1 {
                self.storage[self.slot(place)] = self.storage[self.slot(place + 1)]
                place += 1
            }
        }
        self.count -= 1
    }

    mutating func removeAll() {
        self.head = 0
        self.count = 0
    }

    // The storage is a power of two, or empty and not asked.
    private func slot(_ index: Int) -> Int { (self.head &+ index) & (self.storage.count &- 1) }

    private mutating func grow(filling element: Element) {
        var larger = Array(repeating: element, count: max(16, self.storage.count * 2))
        for index in 0..<self.count { larger[index] = self.storage[self.slot(index)] }
        self.storage = larger
        self.head = 0
    }
}
