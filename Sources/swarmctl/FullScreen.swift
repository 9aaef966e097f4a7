// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The whole terminal: the other screen of it, keys as they are typed. Whatever ends the program gives it back: a return,
/// a signal, a trap; being stopped (Ctrl-Z) as well, until it goes on. A signal that ends it does so at once, also while a
/// daemon is waited for that says nothing.
final class FullScreen {
    /// What happened while it was waited.
    enum Happening {
        case nothing
        case typed([UInt8])
        case resized
        /// The terminal has gone.
        case ended
    }

    private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J"
    private static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    private static let fatal = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

    private let reading: Int32

    /// Takes the terminal at standard input and output.
    init() throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .failed("cannot make a pipe: \(String(cString: strerror(errno)))")
        }
        // A handler must not wait, nor who looks for a signal that is none.
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        self.reading = ends[0]
        TerminalRescue.arm(bell: ends[1])
        for number in Self.ending {
            signal(number) { _ in
                TerminalRescue.restore()
                _exit(0)
            }
        }
        for number in [SIGWINCH, SIGTSTP, SIGCONT] {
            signal(number) { TerminalRescue.ring(UInt8(truncatingIfNeeded: $0)) }
        }
        for number in Self.fatal {
            signal(number) { number in
                TerminalRescue.restore()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        self.take()
    }

    /// Gives the terminal back.
    func leave() {
        TerminalRescue.restore()
        for number in Self.ending + Self.fatal + [SIGWINCH, SIGTSTP, SIGCONT] { signal(number, SIG_DFL) }
    }

    /// Shows a frame.
    func draw(_ text: String) { Output.write(text) }

    /// Waits for a key, a signal or the end of the time.
    func wait(milliseconds: Int32) -> Happening {
        var entries = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: self.reading, events: Int16(POLLIN), revents: 0),
        ]
        poll(&entries, 2, milliseconds)
        var number: UInt8 = 0
        if entries[1].revents != 0 || errno == EINTR, read(self.reading, &number, 1) == 1 {
            return self.take(Int32(number))
        }
        guard entries[0].revents != 0 else { return .nothing }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        guard count > 0 else { return count < 0 && errno == EINTR ? .nothing : .ended }
        return .typed(Array(bytes[..<count]))
    }

    private func take(_ number: Int32) -> Happening {
        if number == SIGTSTP {
            TerminalRescue.restore()
            signal(SIGTSTP, SIG_DFL)
            raise(SIGTSTP)
            // It goes on here.
            signal(SIGTSTP) { TerminalRescue.ring(UInt8(truncatingIfNeeded: $0)) }
            self.take()
        }
        return .resized
    }

    private func take() {
        TerminalRescue.makeRaw()
        Output.write(Self.enter)
    }
}
