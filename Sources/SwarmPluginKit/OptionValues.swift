// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// The operator's values for a plugin's options, by position in its table.
struct OptionValues {
    private let values: UnsafePointer<swarm_option_value>?
    private let count: Int

    init(_ values: UnsafePointer<swarm_option_value>?, count: Int) {
        self.values = values
        self.count = count
    }

    /// A whole number, or a switch as 0 or 1; 0 when there is no such option.
    func integer(_ position: Int) -> Int64 {
        guard let values = self.values, position >= 0, position < self.count else { return 0 }
        let stride = Int(values.pointee.struct_size)
        let element = UnsafeRawPointer(values).advanced(by: position * stride)
        return element.assumingMemoryBound(to: swarm_option_value.self).pointee.integer
    }
}
