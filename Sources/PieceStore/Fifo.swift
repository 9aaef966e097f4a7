// SPDX-License-Identifier: Apache-2.0

/// A queue over one array: first in, first out, amortised constant time.
package struct Fifo<Element> {
    private var elements: [Element?] = []
    private var head = 0

    /// Whether nothing is in it.
    package var isEmpty: Bool { self.head == self.elements.count }

    /// The element that comes out next.
    package var first: Element? { self.head < self.elements.count ? self.elements[self.head] : nil }

    /// A queue with nothing in it.
    package init() {}

    /// Puts an element at the end.
    package mutating func append(_ element: Element) { self.elements.append(element) }

    /// Takes the first element out.
    package mutating func popFirst() -> Element? {
        guard self.head < self.elements.count else { return nil }
        let element = self.elements[self.head].take()
        self.head += 1
        if self.head == self.elements.count {
            self.elements.removeAll(keepingCapacity: self.head <= 1_024)
            self.head = 0
        } else if self.head > 1_024, self.head * 2 > self.elements.count {
            self.elements.removeFirst(self.head)
            self.head = 0
        }
        return element
    }
}
