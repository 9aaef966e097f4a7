// SPDX-License-Identifier: Apache-2.0

package import Logging
import SwarmEvents
import Synchronization

/// Tells the service manager that the program is alive, each time after every part of it has shown so. When one does
/// not, the manager hears nothing, the log names the part, and the manager ends the program when its patience does.
package struct Watchdog: Sendable {
    private let parts: [WatchedPart]
    private let pause: Duration
    private let notifier: ServiceNotifier
    private let logger: Logger
    private let ledger: Ledger

    /// Looks four times in `interval`, the longest silence that the manager allows: twice as often as the manager asks
    /// for, so that a part that is late by one look costs nothing.
    package init(parts: [WatchedPart], interval: Duration, notifier: ServiceNotifier, logger: Logger) {
        self.parts = parts
        self.pause = interval / 4
        self.notifier = notifier
        self.logger = logger
        self.ledger = Ledger(PulseLedger(parts: parts.count))
    }

    /// Goes on until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            self.ask()
            do {
                try await Task.sleep(for: self.pause)
            } catch {
                return
            }
            self.judge()
        }
    }

    /// Asks every part that owes no answer. Nobody waits for the tasks: one may never end.
    func ask() {
        for index in self.ledger.state.withLock({ $0.ask() }) {
            let (part, ledger) = (self.parts[index], self.ledger)
            Task {
                await part.beat()
                ledger.state.withLock { $0.answered(index) }
            }
        }
    }

    /// Tells what is new, and the manager that all is well if it is.
    func judge() {
        let parts = self.parts
        let (isAlive, news) = self.ledger.state.withLock { $0.judge { parts[$0].waitsForDisk() } }
        for (index, condition) in news {
            let name = parts[index].name
            let metadata: Logger.Metadata = ["part": "\(name)"]
            switch condition {
            case .answering: self.logger.event(.partRecovered, "the \(name) answers again", metadata)
            case .waitingForDisk:
                self.logger.event(.diskSlow, "the \(name) waits for a disk that does not answer", metadata)
            case .stuck:
                self.logger.event(.partStuck, "the \(name) does not answer; the watchdog is not told of life", metadata)
            }
        }
        if isAlive { self.notifier.watchdog() }
    }

    /// The ledger, shared with the tasks that wait for answers.
    private final class Ledger: Sendable {
        let state: Mutex<PulseLedger>

        init(_ ledger: PulseLedger) {
            self.state = Mutex(ledger)
        }
    }
}
