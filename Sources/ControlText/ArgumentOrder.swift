// SPDX-License-Identifier: Apache-2.0

/// Moves the options that every command knows from before the command's name to behind it, where the parser of the
/// command finds them: `--json list` becomes `list --json`.
package enum ArgumentOrder {
    /// The options that take a value, and those that do not.
    package static let valued: Set<String> = ["--socket"]
    /// The options that stand alone.
    package static let flags: Set<String> = ["--json"]

    /// Commands whose next word is a command, too.
    private static let families: Set<String> = ["tracker"]

    /// The arguments (without the program's name) in the order that the parser wants.
    package static func commandFirst(_ arguments: [String]) -> [String] {
        var moved: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if Self.flags.contains(argument) || Self.valued.contains(where: { argument.hasPrefix($0 + "=") }) {
                moved.append(argument)
                index += 1
            } else if Self.valued.contains(argument), index + 1 < arguments.count {
                moved += [argument, arguments[index + 1]]
                index += 2
            } else {
                break
            }
        }
        guard index < arguments.count, !arguments[index].hasPrefix("-") else { return arguments }
        let isFamily = Self.families.contains(arguments[index])
        let end = min(index + (isFamily ? 2 : 1), arguments.count)
        return arguments[index..<end] + moved + arguments[end...]
    }
}
