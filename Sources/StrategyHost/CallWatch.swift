// SPDX-License-Identifier: Apache-2.0

/// Finds calls to plugins that do not come back, from looks at what every thread is calling. Counts looks, not seconds: a
/// machine that stood still has not looked either.
struct CallWatch {
    /// A call that goes on in one thread.
    struct Call: Hashable {
        /// The kernel's number of the thread.
        let thread: Int32
        /// Which of the thread's calls, and to whom in the lower 16 bits.
        let mark: UInt64

        /// The plugin's number.
        var plugin: UInt16 { UInt16(truncatingIfNeeded: self.mark) }
    }

    /// What a look has shown.
    enum News: Hashable {
        /// A call has not come back for `patience` looks.
        case held(Call)
        /// One that was said to be held has come back after so many looks.
        case returned(Call, looks: Int)
    }

    /// Looks at the same call after which it is said to be held.
    static let patience = 10

    private var looks: [Call: Int] = [:]

    /// Takes the calls that go on now. Returns what is new, in the order of threads.
    mutating func look(_ calls: [Call]) -> [News] {
        var news: [News] = []
        var next: [Call: Int] = [:]
        for call in calls where call.plugin != 0 {
            let count = (self.looks[call] ?? 0) + 1
            next[call] = count
            if count == Self.patience { news.append(.held(call)) }
        }
        for (call, count) in self.looks where next[call] == nil && count >= Self.patience {
            news.append(.returned(call, looks: count))
        }
        self.looks = next
        return news.sorted { Self.thread(of: $0) < Self.thread(of: $1) }
    }

    private static func thread(of news: News) -> Int32 {
        switch news {
        case .held(let call), .returned(let call, _): call.thread
        }
    }
}
