// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Hands what the client tells of one request to the task that it is part of, all on the task's loop.
final class RangeHop: HTTPClientResponseDelegate {
    typealias Response = Void

    private let task: RangeTask
    private let number: Int

    init(_ task: RangeTask, number: Int) {
        self.task = task
        self.number = number
    }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        self.task.received(head, hop: self.number)
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        self.task.received(buffer, hop: self.number)
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) throws { self.task.finished(hop: self.number) }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
        self.task.failed(error, hop: self.number)
    }
}
