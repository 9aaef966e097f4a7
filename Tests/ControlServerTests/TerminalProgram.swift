// SPDX-License-Identifier: Apache-2.0

import Glibc

/// `swarmctl` on a terminal of its own (pty(7)), with what it shows there. Calls block; use it on a thread that may.
final class TerminalProgram {
    /// ioctl_tty(2); Glibc's headers show them to C only.
    private static let unlock: UInt = 0x4004_5431
    private static let number: UInt = 0x8004_5430
    /// A test that waits for what never comes ends when nothing was written for so many milliseconds.
    private static let patience: Int32 = 300_000

    /// A screen that has not become as wanted after so many reads will not: the live view draws once a second.
    private static let mostReads = 400

    /// What the screen showed when it was given up.
    struct Gone: Error {
        let shown: [String]
    }

    private let master: Int32
    private let child: pid_t
    private var hasEnded = false
    private(set) var screen: TerminalScreen
    /// Everything that was written.
    private(set) var output: [UInt8] = []

    init(_ arguments: [String], columns: Int, rows: Int, environment: [String] = []) throws {
        self.master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        guard self.master >= 0 else { throw ServerFixture.POSIXFailure(number: errno) }
        var zero: Int32 = 0
        var index: UInt32 = 0
        guard ioctl(self.master, Self.unlock, &zero) == 0, ioctl(self.master, Self.number, &index) == 0 else {
            throw ServerFixture.POSIXFailure(number: errno)
        }
        self.screen = TerminalScreen(columns: columns, rows: rows)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(self.master, UInt(TIOCSWINSZ), &size)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/pts/\(index)", O_RDWR, 0)
        }
        posix_spawn_file_actions_addclose(&actions, self.master)
        // The threads of a test block signals, which a child would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words = (["setsid", "--ctty", SwarmctlProgram.path ?? ""] + arguments).map { strdup($0) } + [nil]
        var variables = (["PATH=/usr/bin:/bin", "TERM=xterm", "TZ=UTC"] + environment).map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, "/usr/bin/setsid", &actions, &attributes, &words, &variables)
        guard failure == 0 else { throw ServerFixture.POSIXFailure(number: failure) }
        self.child = child
    }

    deinit {
        if !self.hasEnded { kill(self.child, SIGKILL) }
        close(self.master)
    }

    /// Types text.
    func type(_ text: String) {
        var text = text
        text.withUTF8 { _ = write(self.master, $0.baseAddress, $0.count) }
    }

    func send(_ signal: Int32) { kill(self.child, signal) }

    /// Gives the terminal another size.
    func resize(columns: Int, rows: Int) {
        self.screen = TerminalScreen(columns: columns, rows: rows)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(self.master, UInt(TIOCSWINSZ), &size)
    }

    /// Reads until the screen is as wanted.
    func wait(until isThere: (TerminalScreen) -> Bool) throws {
        for _ in 0..<Self.mostReads {
            if isThere(self.screen) { return }
            guard try self.read() else { break }
        }
        throw Gone(shown: self.screen.text)
    }

    /// Reads to the end of the program, and gives its exit status; minus the signal that ended it.
    func end() throws -> Int32 {
        while try self.read() {}
        var status: Int32 = 0
        while waitpid(self.child, &status, 0) < 0, errno == EINTR {}
        self.hasEnded = true
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    /// Whether keys are shown as they are typed, and lines are edited by the terminal: how a shell wants it.
    var isCooked: Bool {
        var state = termios()
        return tcgetattr(self.master, &state) == 0 && state.c_lflag & tcflag_t(ECHO) != 0
            && state.c_lflag & tcflag_t(ICANON) != 0
    }

    private func read() throws -> Bool {
        var entry = pollfd(fd: self.master, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Self.patience) > 0 else { throw Gone(shown: self.screen.text) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(self.master, &bytes, bytes.count)
        // EIO: nobody has the other end open any more.
        guard count > 0 else { return false }
        self.output += bytes[..<count]
        self.screen.receive(bytes[..<count])
        return true
    }
}
