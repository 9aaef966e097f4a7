// SPDX-License-Identifier: Apache-2.0

/// A C string that is never freed.
struct StaticStringBox {
    let pointer: UnsafePointer<CChar>

    init(_ text: String) {
        let characters = text.utf8CString
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count)
        for (index, character) in characters.enumerated() { (memory + index).initialize(to: character) }
        self.pointer = UnsafePointer(memory)
    }
}
