// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// What a signal handler needs to give the terminal back. Whatever is called here is allowed in one (signal-safety(7)).
enum TerminalRescue {
    /// Leaves the other screen and shows the cursor.
    private static let leave: StaticString = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"
    private static let bell = Atomic<Int32>(-1)
    private static let isTaken = Atomic(false)
    /// How the terminal was. Written once, before any handler is set.
    nonisolated(unsafe) private static var saved = termios()

    /// Remembers how the terminal is, and where to tell of signals.
    static func arm(bell descriptor: Int32) {
        tcgetattr(STDIN_FILENO, &Self.saved)
        // A handler must not be the first to use it.
        Self.isTaken.store(false, ordering: .relaxed)
        Self.bell.store(descriptor, ordering: .relaxed)
    }

    /// Has keys come as they are typed, unseen; those that mean a signal go on to mean it.
    static func makeRaw() {
        var raw = Self.saved
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
        // First, so that there is no moment in which a signal would leave it as it is.
        Self.isTaken.store(true, ordering: .relaxed)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    }

    /// Gives the terminal back, once.
    static func restore() {
        guard Self.isTaken.exchange(false, ordering: .relaxed) else { return }
        _ = write(STDOUT_FILENO, Self.leave.utf8Start, Self.leave.utf8CodeUnitCount)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &Self.saved)
    }

    /// Tells of a signal.
    static func ring(_ number: UInt8) {
        var number = number
        let error = errno
        _ = write(Self.bell.load(ordering: .relaxed), &number, 1)
        errno = error
    }
}
