// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// Values of a plugin's options in the form of the plugin ABI, for as long as this lives. Unchecked because of the
/// pointers: nothing is changed after the initialiser.
final class OptionValueTable: @unchecked Sendable {
    /// One for each option of the plugin, in its order.
    let values: UnsafeBufferPointer<swarm_option_value>
    private let text: UnsafeMutablePointer<CChar>
    private let table: UnsafeMutablePointer<swarm_option_value>

    /// `values` has one element for each of `options`.
    init(_ values: [StrategyOptionValue], of options: [StrategyOption]) {
        let pairs = Array(zip(options, values))
        let strings = pairs.map { (Array($0.0.key.utf8CString), Array($0.1.text.utf8CString)) }
        self.text = .allocate(capacity: max(1, strings.reduce(0) { $0 + $1.0.count + $1.1.count }))
        self.table = .allocate(capacity: max(1, pairs.count))
        var next = self.text
        func place(_ string: [CChar]) -> UnsafePointer<CChar> {
            defer { next += string.count }
            next.initialize(from: string, count: string.count)
            return UnsafePointer(next)
        }
        for (index, pair) in pairs.enumerated() {
            let key = place(strings[index].0)
            (self.table + index).initialize(
                to: swarm_option_value(
                    struct_size: UInt32(MemoryLayout<swarm_option_value>.size), type: pair.0.kind.rawValue, key: key,
                    integer: pair.1.integer, number: pair.1.number, text: place(strings[index].1)))
        }
        self.values = UnsafeBufferPointer(start: self.table, count: pairs.count)
    }

    deinit {
        self.text.deallocate()
        self.table.deallocate()
    }
}
