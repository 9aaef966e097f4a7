// SPDX-License-Identifier: Apache-2.0

import Discovery
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// Routers on loopback that are asked for ports. One at a time, because NAT-PMP has one port, and on an address of this process.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct PortMapperTests {
    /// Hands on what is logged.
    private struct LineHandler: LogHandler {
        let lines: AsyncStream<String>.Continuation
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) { self.lines.yield("\(event.message)") }
    }

    /// A router that speaks NAT-PMP (RFC 6886).
    private final class Router: ChannelInboundHandler, Sendable {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>

        let requests = LockedBox<[[UInt8]]>([])
        let whenAsked = LockedBox<@Sendable () -> Void>({})
        /// How many times it answers one question.
        private let copies: Int

        init(copies: Int = 1) {
            self.copies = copies
        }

        /// What was asked for to be forwarded, for datagrams (1) or connections (2), without what was asked again.
        var kinds: [UInt8] {
            self.requests.withLock { $0.filter { $0.count == 12 }.map { $0[1] } }.reduce(into: []) { kinds, kind in
                if kinds.last != kind { kinds.append(kind) }
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = Self.unwrapInboundIn(data)
            let request = Array(envelope.data.readableBytesView)
            self.requests.withLock { $0.append(request) }
            self.whenAsked.withLock { $0 }()
            var answer: [UInt8] = [0, 128 + (request.dropFirst().first ?? 0), 0, 0, 0, 0, 0, 9]
            if request.count == 2 {
                answer += [203, 0, 113, 7]
            } else {
                // The same port inside, one more outside, and half of the time that was asked for.
                let port = UInt16(request[4]) << 8 | UInt16(request[5])
                answer += [request[4], request[5], UInt8((port + 1) >> 8), UInt8((port + 1) & 255), 0, 0]
                answer += [request[10] / 2, request[10] == 0 ? 1 : 0]
            }
            for _ in 0..<self.copies {
                context.writeAndFlush(
                    NIOAny(AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: answer))),
                    promise: nil)
            }
        }
    }

    private static let gateway = "127.\(getpid() >> 8 & 0xff).\(getpid() & 0xff).77"

    private static func mapper(
        _ url: String? = nil, lifetime: UInt32 = 3_600, patience: Int = 1_000
    ) -> (PortMapper, AsyncStream<String>.AsyncIterator) {
        let (lines, log) = AsyncStream.makeStream(of: String.self)
        var configuration = PortMapper.Configuration(ports: [(7_000, false), (7_000, true)])
        configuration.gateway = Self.gateway
        configuration.lifetime = lifetime
        configuration.shortestPause = .zero
        configuration.descriptionURL = url ?? "http://127.0.0.1:1/none.xml"
        configuration.patience = patience
        let mapper = PortMapper(configuration, logger: Logger(label: "test") { _ in LineHandler(lines: log) })
        return (mapper, lines.makeAsyncIterator())
    }

    // A router that takes its time is asked again, and answers both questions.
    @Test(arguments: [1, 2, 5])
    func `a router that speaks NAT-PMP forwards both ports and takes them back`(copies: Int) async throws {
        let router = Router(copies: copies)
        let channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { $0.pipeline.addHandler(router) }
            .bind(host: Self.gateway, port: 5_351).get()
        var (mapper, lines) = Self.mapper(patience: 60_000)
        await mapper.start()
        #expect(await lines.next() == "the router forwards 203.0.113.7:7001 to port 7000 (NAT-PMP)")
        let mappings = try #require(await Self.mappings(of: mapper, by: "NAT-PMP"))
        #expect(mappings.map(\.isUDP) == [false, true])
        // 3,600 is 0x0e10: the router gives half of the high byte.
        #expect(mappings.allSatisfy { $0.externalPort == 7_001 && $0.lifetime == 0x700 })
        await mapper.stop()
        let removals = router.requests.withLock { $0.filter { $0.count == 12 && $0[8...] == [0, 0, 0, 0] } }
        // A question may be asked again when the answer takes a moment.
        let kinds = removals.map { $0[1] }
        #expect(Set(kinds) == [1, 2] && kinds.first == 2 && kinds.last == 1)
        #expect(await mapper.status == .searching)
        try await channel.close()
    }

    @Test func `what a router gave is asked for again before it runs out`() async throws {
        let router = Router()
        let (asked, question) = AsyncStream.makeStream(of: Void.self)
        router.whenAsked.withLock { $0 = { question.yield() } }
        let channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { $0.pipeline.addHandler(router) }
            .bind(host: Self.gateway, port: 5_351).get()
        // Half of the second that the router gives is none: it is asked again at once.
        let (mapper, _) = Self.mapper(lifetime: 2, patience: 60_000)
        await mapper.start()
        for await _ in asked where router.kinds.count >= 6 { break }
        #expect(router.kinds.prefix(6) == [2, 1, 2, 1, 2, 1])
        await mapper.stop()
        try await channel.close()
    }

    @Test func `a router that speaks UPnP forwards another port where the same is taken`() async throws {
        let calls = LockedBox<[String]>([])
        let base = LockedBox("")
        let stub = try await TrackerStub { request in
            let body = String(decoding: request.body, as: UTF8.self)
            if request.uri == "/description.xml" { return .text(Self.description(base.withLock { $0 })) }
            let action = request.headers.first(name: "soapaction") ?? ""
            calls.withLock { $0.append(action + body) }
            if action.contains("AddPortMapping"), body.contains("<NewExternalPort>7000<") {
                return .body(.internalServerError, Array(Self.conflict.utf8))
            }
            return .text(Self.envelope(action.contains("GetExternal") ? "203.0.113.9" : ""))
        }
        base.withLock { $0 = "http://127.0.0.1:\(stub.port)" }
        var (mapper, lines) = Self.mapper(stub.url("/description.xml"))
        await mapper.start()
        let line = await lines.next() ?? ""
        #expect(line.hasPrefix("the router forwards 203.0.113.9:") && line.hasSuffix(" to port 7000 (UPnP)"))
        let mappings = try #require(await Self.mappings(of: mapper, by: "UPnP"))
        #expect(mappings.count == 2 && mappings.allSatisfy { $0.externalPort >= 20_000 && $0.lifetime == 3_600 })
        await mapper.stop()
        let removed = calls.withLock { $0.filter { $0.contains("DeletePortMapping") } }
        for mapping in mappings {
            #expect(removed.contains { $0.contains("<NewExternalPort>\(mapping.externalPort)<") })
        }
        try await stub.close()
    }

    @Test func `where no router answers it is told once, and nothing hangs`() async {
        var (mapper, lines) = Self.mapper()
        await mapper.start()
        #expect(await lines.next()?.hasPrefix("no router forwards the peer port") == true)
        #expect(await mapper.status == .unmapped)
        await mapper.stop()
    }

    private static func mappings(of mapper: PortMapper, by method: String) async -> [PortMapping]? {
        switch await mapper.status {
        case .mapped(let mappings, method): mappings
        case .mapped, .searching, .unmapped: nil
        }
    }

    private static func description(_ base: String) -> String {
        func device(_ kind: String, _ inside: String) -> String {
            "<device><deviceType>urn:schemas-upnp-org:device:\(kind):1</deviceType>\(inside)</device>"
        }
        let service =
            "<serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>"
            + "<serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId><controlURL>/control</controlURL>"
            + "<eventSubURL>/event</eventSubURL><SCPDURL>/scpd.xml</SCPDURL></service></serviceList>"
        let connection = "<deviceList>" + device("WANConnectionDevice", service) + "</deviceList>"
        let wan = "<deviceList>" + device("WANDevice", connection) + "</deviceList>"
        return "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><URLBase>\(base)</URLBase>"
            + device("InternetGatewayDevice", wan) + "</root>"
    }

    private static func envelope(_ address: String) -> String {
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
            + "<u:Response xmlns:u=\"urn:schemas-upnp-org:service:WANIPConnection:1\">"
            + "<NewExternalIPAddress>\(address)</NewExternalIPAddress></u:Response></s:Body></s:Envelope>"
    }

    private static let conflict =
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>"
        + "<faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError>"
        + "<errorCode>718</errorCode><errorDescription>ConflictInMappingEntry</errorDescription></UPnPError></detail>"
        + "</s:Fault></s:Body></s:Envelope>"
}
