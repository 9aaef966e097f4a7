// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The store's threads and the jobs that wait for them. Every thread takes the most urgent job there is; of the slow
/// ones at most one runs at a time, so that a disk that takes seconds to flush never stops reads and writes. On a disk that
/// never keeps up with the urgent ones the others come too: one after so many.
final class JobQueue: @unchecked Sendable {
    /// How soon a job runs.
    enum Urgency {
        /// Reads for peers and complete pieces.
        case prompt
        /// Verification and creation, in small units, behind everything else, because it may go on for hours.
        case bulk
        /// Flushing, preparing, removing: may block for seconds.
        case slow
    }

    /// A job; never throws, reports by itself.
    typealias Job = @Sendable () -> Void

    /// Prompt jobs that may go before one of another kind that waits.
    static let promptRun = 8

    /// Stack of a thread: jobs are shallow.
    private static let stackSize = 512 << 10
    /// How long all must be quiet before `whenIdle` is called, in seconds.
    private static let idleDelay = 1

    // pthread's own types, because a wait with a deadline needs them; guarded by `mutex` from here on.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let ended = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var prompt = Fifo<Job>()
    private var bulk = Fifo<Job>()
    private var slow = Fifo<Job>()
    private var isSlowRunning = false
    /// Prompt jobs that went before others since one of those had its turn.
    private var passed = 0
    /// Whether it is a bulk job's turn, of the two kinds that wait behind the prompt ones.
    private var isBulkNext = false
    private var waiting = 0
    private var alive = 0
    private var isStopping = false
    private var ranSinceIdle = false
    private let whenIdle: Job

    /// Starts `threads` threads. `whenIdle` runs on one of them after a second without work.
    init(threads: Int, whenIdle: @escaping Job) {
        self.whenIdle = whenIdle
        self.mutex.initialize(to: pthread_mutex_t())
        self.wakeUp.initialize(to: pthread_cond_t())
        self.ended.initialize(to: pthread_cond_t())
        pthread_mutex_init(self.mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(self.wakeUp, &attributes)
        pthread_cond_init(self.ended, &attributes)
        pthread_condattr_destroy(&attributes)
        for _ in 0..<threads { self.startThread() }
        precondition(self.alive > 0, "the system lets the store start no thread")
    }

    deinit {
        // Threads hold the queue alive, so none is left here.
        pthread_cond_destroy(self.ended)
        pthread_cond_destroy(self.wakeUp)
        pthread_mutex_destroy(self.mutex)
        self.ended.deallocate()
        self.wakeUp.deallocate()
        self.mutex.deallocate()
    }

    /// Queues a job. After `stop` jobs still run, on the caller's thread, so that nobody waits for ever.
    func submit(_ urgency: Urgency, _ job: @escaping Job) {
        pthread_mutex_lock(self.mutex)
        guard !self.isStopping else {
            pthread_mutex_unlock(self.mutex)
            return job()
        }
        switch urgency {
        case .prompt: self.prompt.append(job)
        case .bulk: self.bulk.append(job)
        case .slow: self.slow.append(job)
        }
        let wakes = self.waiting > 0
        pthread_mutex_unlock(self.mutex)
        if wakes { pthread_cond_signal(self.wakeUp) }
    }

    /// Whether every thread is inside a job at this moment.
    var isOccupied: Bool {
        pthread_mutex_lock(self.mutex)
        defer { pthread_mutex_unlock(self.mutex) }
        return self.alive > 0 && self.waiting == 0
    }

    /// Lets the threads finish what is queued and end. Waits for that so many seconds at most, and tells whether they
    /// have ended; never call it with more than 0 from a job.
    @discardableResult
    func stop(patience: Int) -> Bool {
        pthread_mutex_lock(self.mutex)
        defer { pthread_mutex_unlock(self.mutex) }
        self.isStopping = true
        pthread_cond_broadcast(self.wakeUp)
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_sec += patience
        while patience > 0, self.alive > 0 {
            if pthread_cond_timedwait(self.ended, self.mutex, &deadline) == ETIMEDOUT { break }
        }
        return self.alive == 0
    }

    private func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, Self.stackSize)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        self.alive += 1
        let code = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                _ = clinux_set_thread_name("store")
                Unmanaged<JobQueue>.fromOpaque(pointer).takeRetainedValue().work()
                return nil
            }, context.toOpaque())
        guard code != 0 else { return }
        self.alive -= 1
        context.release()
    }

    /// A thread's life. A job is let go of before the next one is asked for, hence outside the mutex: its last
    /// references may take locks of their own.
    private func work() {
        var finishedSlow = false
        while let (job, isSlow) = self.next(finishedSlow: finishedSlow) {
            job()
            finishedSlow = isSlow
        }
    }

    /// The next job for a thread that is done with its last, or nil when the thread shall end.
    private func next(finishedSlow: Bool) -> (job: Job, isSlow: Bool)? {
        pthread_mutex_lock(self.mutex)
        defer { pthread_mutex_unlock(self.mutex) }
        if finishedSlow { self.isSlowRunning = false }
        while true {
            if let job = self.takeJob() {
                self.ranSinceIdle = true
                return job
            }
            guard !self.isStopping || !self.slow.isEmpty else { break }
            self.wait()
        }
        self.alive -= 1
        pthread_cond_broadcast(self.ended)
        // Whoever waits for a slow job to end would wait for ever.
        pthread_cond_broadcast(self.wakeUp)
        return nil
    }

    /// The job whose turn it is.
    private func takeJob() -> (job: Job, isSlow: Bool)? {
        let hasSlow = !self.isSlowRunning && !self.slow.isEmpty
        let isAnyBehind = hasSlow || !self.bulk.isEmpty
        if !isAnyBehind || self.passed < Self.promptRun, let job = self.prompt.popFirst() {
            self.passed = isAnyBehind ? self.passed + 1 : 0
            return (job, false)
        }
        let isForced = self.passed >= Self.promptRun
        self.passed = 0
        // Where neither would come by itself they take turns; otherwise flushing never waits for hashing.
        if hasSlow, !(isForced && self.isBulkNext && !self.bulk.isEmpty), let job = self.slow.popFirst() {
            self.isBulkNext = true
            self.isSlowRunning = true
            return (job, true)
        }
        self.isBulkNext = false
        return self.bulk.popFirst().map { ($0, false) }
    }

    /// Waits for work; the last thread to fall idle after work waits with a deadline and then tidies up.
    private func wait() {
        self.waiting += 1
        defer { self.waiting -= 1 }
        guard self.ranSinceIdle, self.waiting == self.alive else {
            pthread_cond_wait(self.wakeUp, self.mutex)
            return
        }
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_sec += Self.idleDelay
        let code = pthread_cond_timedwait(self.wakeUp, self.mutex, &deadline)
        guard code == ETIMEDOUT, self.ranSinceIdle, self.waiting == self.alive else { return }
        self.ranSinceIdle = false
        pthread_mutex_unlock(self.mutex)
        self.whenIdle()
        pthread_mutex_lock(self.mutex)
    }
}
