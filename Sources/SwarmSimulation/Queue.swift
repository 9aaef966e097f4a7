// SPDX-License-Identifier: Apache-2.0

/// First in, first out, in one array whose used-up front is given back now and then.
struct Queue<Element> {
    private var elements: [Element] = []
    private var head = 0

    var isEmpty: Bool { self.head == self.elements.count }
    var count: Int { self.elements.count - self.head }
    var first: Element? { self.isEmpty ? nil : self.elements[self.head] }
    var last: Element? { self.isEmpty ? nil : self.elements.last }

    mutating func append(_ element: Element) { self.elements.append(element) }

    mutating func popFirst() -> Element? {
        guard !self.isEmpty else { return nil }
        let element = self.elements[self.head]
        self.head += 1
        if self.head == self.elements.count {
            self.removeAll()
        } else if self.head >= 64, self.head * 2 >= self.elements.count {
            self.elements.removeFirst(self.head)
            self.head = 0
        }
        return element
    }

    /// Lets `change` alter the newest element; there must be one.
    mutating func changeLast(_ change: (inout Element) -> Void) { change(&self.elements[self.elements.count - 1]) }

    mutating func removeAll() {
        self.elements.removeAll(keepingCapacity: true)
        self.head = 0
    }
}
