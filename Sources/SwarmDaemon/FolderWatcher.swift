// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
import Logging
import NIOPosix
import StateStore
import SwarmConfig
import SwarmEvents
import SwarmModel

/// Adds the .torrent and .magnet files that lie in the watched folders, and those that come.
actor FolderWatcher {
    /// A folder as it is watched.
    private struct Watched {
        let settings: WatchFolderSettings
        var files = WatchedFiles()
        /// The number that the kernel tells of it by.
        var number: Int32?
        var isMissing = false
        /// What was said of files that have to wait, so that it is said once.
        var said: [String: String] = [:]
    }

    /// What became of a file.
    enum Outcome: Equatable, Sendable {
        /// It is a torrent now, or was one already.
        case added
        /// It will never be one, and why.
        case refused(String)
        /// It may become one later, and what stands in its way.
        case later(String)
    }

    /// A folder that is missing is looked for again after so long, and a file that had to wait tried again.
    private static let retry: Int64 = 10_000
    /// Before the names of settings that remember files which could not be renamed.
    private static let rememberedPrefix = "watch:"

    let directory: TorrentDirectory
    let services: DaemonServices
    private let disk = NIOThreadPool(numberOfThreads: 1)
    private var isDiskReady = false
    private var alarm: FolderAlarm?
    private var watched: [String: Watched] = [:]
    /// Files that could not be renamed when they had been dealt with, by path, with their marks.
    private var remembered: [String: String]?
    nonisolated private let rings: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)

    init(_ directory: TorrentDirectory, _ services: DaemonServices) {
        self.directory = directory
        self.services = services
        self.rings = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Has the folders looked at.
    nonisolated func wake() { self.rings.continuation.yield() }

    /// Watches until the task is cancelled.
    func run() async {
        self.wake()
        var timer: Task<Void, Never>?
        for await _ in self.rings.stream {
            timer?.cancel()
            let pause = await self.look()
            guard let pause else { continue }
            timer = Task { [weak self] in
                do { try await Task.sleep(for: .milliseconds(pause)) } catch { return }
                self?.wake()
            }
        }
        timer?.cancel()
        await self.stop()
    }

    /// Watches no more. Must be called before it is released.
    func stop() async {
        self.alarm = nil
        guard self.isDiskReady else { return }
        self.isDiskReady = false
        try? await self.disk.shutdownGracefully()
    }

    /// Looks at every folder. Gives the milliseconds until the next look is due, at the latest; nil when nothing is watched.
    func look(now: Int64 = FolderWatcher.clock()) async -> Int64? {
        let settings = self.services.configuration.watch
        let folders = settings.folders
        self.follow(folders)
        guard !folders.isEmpty else { return nil }
        if self.remembered == nil { await self.remember() }
        var next = now + max(1_000, settings.interval.nanoseconds / 1_000_000)
        for folder in folders {
            await self.look(into: folder.name, now)
            guard let watched = self.watched[folder.name] else { continue }
            if watched.isMissing { next = min(next, now + Self.retry) }
            if let due = watched.files.due { next = min(next, max(due, now + 100)) }
        }
        return next - now
    }

    /// Milliseconds of a clock that nobody sets.
    static func clock() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }

    // MARK: - Folders

    /// Takes in which folders there are to watch.
    private func follow(_ folders: [WatchFolderSettings]) {
        for (name, watched) in self.watched where !folders.contains(watched.settings) {
            if let number = watched.number { self.alarm?.drop(number) }
            self.watched[name] = nil
        }
        for folder in folders where self.watched[folder.name] == nil {
            self.watched[folder.name] = Watched(settings: folder)
        }
        if folders.isEmpty {
            self.alarm = nil
        } else if self.alarm == nil {
            self.alarm = FolderAlarm { [weak self] in self?.wake() }
        }
    }

    private func look(into name: String, _ now: Int64) async {
        guard let settings = self.watched[name]?.settings else { return }
        let folder = WatchedFolder(path: settings.path)
        // Before the look, so that nothing that comes meanwhile goes unnoticed.
        let number = self.alarm?.watch(settings.path)
        if let old = self.watched[name]?.number, old != number { self.alarm?.drop(old) }
        self.watched[name]?.number = number
        let closed = number.flatMap { self.alarm?.takeClosed($0) } ?? []
        switch await self.onDisk({ () throws(WatchedFolder.Failure) in try folder.files() }) {
        case .failure(let failure): self.report(missing: failure.reason, name)
        case .success(let files):
            self.report(missing: nil, name)
            let wall = Int64(WallClock.now()) * 1_000_000_000
            let whole = self.watched[name]?.files.look(files, closed: closed, now: now, wall: wall) ?? []
            let said = self.watched[name]?.said ?? [:]
            self.watched[name]?.said = said.filter { files[$0.key] != nil }
            for file in whole { await self.take(file, in: folder, name, now) }
        }
    }

    private func report(missing reason: String?, _ name: String) {
        guard let watched = self.watched[name], watched.isMissing != (reason != nil) else { return }
        self.watched[name]?.isMissing = reason != nil
        let path = watched.settings.path
        if let reason {
            self.services.logger.event(
                .watchFolderMissing, "the watched folder \(path) cannot be looked at: \(reason)",
                ["store.path": "\(path)", "error.message": "\(reason)"])
        } else {
            self.services.logger.event(
                .watchFolderFound, "the watched folder \(path) can be looked at again", ["store.path": "\(path)"])
        }
    }

    // MARK: - Files

    private func take(_ file: WatchedFiles.Whole, in folder: WatchedFolder, _ name: String, _ now: Int64) async {
        guard let settings = self.watched[name]?.settings else { return }
        let path = settings.path + "/" + file.name
        // An earlier run dealt with it, and could not rename it.
        guard self.remembered?[path] != file.mark.text else { return self.settle(file, name) }
        switch await self.outcome(of: file, in: folder, settings) {
        case .added: await self.putAway(file, in: folder, name, "added")
        case .refused(let reason) where file.isFinal:
            self.say(.watchFileRefused, path, "cannot be added: \(reason)", reason)
            await self.putAway(file, in: folder, name, "refused")
        case .refused: self.watched[name]?.files.postpone(file.name, until: now + WatchedFiles.settling)
        case .later(let reason):
            self.watched[name]?.files.postpone(file.name, until: now + Self.retry)
            guard self.watched[name]?.said[file.name] != reason else { return }
            self.watched[name]?.said[file.name] = reason
            self.say(.watchFileRefused, path, "is not added yet, and tried again: \(reason)", reason)
        }
    }

    private func outcome(
        of file: WatchedFiles.Whole, in folder: WatchedFolder, _ settings: WatchFolderSettings
    ) async -> Outcome {
        let bytes: [UInt8]
        switch await self.onDisk({ () throws(WatchedFolder.Failure) in try folder.read(file.name) }) {
        case .failure(let failure): return .later(failure.reason)
        case .success(let read): bytes = read
        }
        let isLink = file.name.lowercased().hasSuffix(".magnet")
        // Half a link may look like a whole one.
        if isLink, !file.isFinal, bytes.last != UInt8(ascii: "\n") { return .refused("it may not be whole") }
        do {
            _ = try await self.directory.add(bytes, isLink: isLink, settings)
            return .added
        } catch {
            let problem = ControlError(describing: error)
            switch problem.code {
            case .exists: return .added
            case .malformedTorrent, .refused, .invalidParams: return .refused(problem.message)
            case .parse, .invalidRequest, .methodNotFound, .internalError, .notFound, .ambiguous, .storage, .permission,
                .timeout, .remote, .busy, .cancelled, .unreachable, .expired:
                return .later(problem.message)
            }
        }
    }

    /// Renames a file that was dealt with. Where that cannot be it is remembered, so that it is not dealt with twice.
    private func putAway(_ file: WatchedFiles.Whole, in folder: WatchedFolder, _ name: String, _ ending: String) async {
        let result = await self.onDisk { () throws(WatchedFolder.Failure) in
            try folder.mark(file.name, ending, file.mark)
        }
        self.settle(file, name)
        guard case .failure = result else { return }
        let path = folder.path + "/" + file.name
        self.remembered?[path] = file.mark.text
        try? await self.services.state.setSetting(Self.rememberedPrefix + path, to: file.mark.text)
    }

    private func settle(_ file: WatchedFiles.Whole, _ name: String) { self.watched[name]?.files.settle(file.name) }

    private func remember() async {
        let settings = (try? await self.services.state.settings()) ?? [:]
        var remembered: [String: String] = [:]
        for (key, value) in settings where key.hasPrefix(Self.rememberedPrefix) {
            remembered[String(key.dropFirst(Self.rememberedPrefix.count))] = value
        }
        self.remembered = remembered
    }

    private func say(_ kind: EventKind, _ path: String, _ words: String, _ reason: String) {
        self.services.logger.event(
            kind, "\(path) \(words)", ["watch.path": "\(path)", "error.message": "\(reason)"])
    }

    /// Runs what reads the disk on a thread that may wait.
    private func onDisk<Value: Sendable>(
        _ body: @escaping @Sendable () throws(WatchedFolder.Failure) -> Value
    ) async -> Result<Value, WatchedFolder.Failure> {
        if !self.isDiskReady {
            self.isDiskReady = true
            self.disk.start()
        }
        return await withCheckedContinuation { continuation in
            self.disk.submit { state in
                switch state {
                case .active:
                    do throws(WatchedFolder.Failure) {
                        continuation.resume(returning: .success(try body()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                case .cancelled:
                    continuation.resume(returning: .failure(WatchedFolder.Failure(reason: "the daemon is stopping")))
                }
            }
        }
    }
}
