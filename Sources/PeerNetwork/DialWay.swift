// SPDX-License-Identifier: Apache-2.0

import PeerTransport

/// A way to reach a peer: what carries the bytes, and what lies above it.
struct DialWay: Sendable {
    /// The transport over datagrams; nil for TCP.
    let datagram: Transport?
    /// The transport over that stream; nil for the plain bytes.
    let stream: Transport?

    /// TCP and nothing else: what there is when no transport is configured.
    static let plain = DialWay(datagram: nil, stream: nil)

    /// The ways that the operator's list of transports allows, in its order.
    static func all(_ transports: [Transport]) -> [DialWay] {
        guard !transports.isEmpty else { return [.plain] }
        let streams = transports.filter { $0.carrier == .stream }
        return transports.flatMap { transport in
            switch transport.carrier {
            case .stream: [DialWay(datagram: nil, stream: transport)]
            case .datagram:
                streams.isEmpty
                    ? [DialWay(datagram: transport, stream: nil)]
                    : streams.map { DialWay(datagram: transport, stream: $0) }
            }
        }
    }

    /// Whether both are the same way.
    func isSame(as other: DialWay) -> Bool { self.datagram === other.datagram && self.stream === other.stream }

    /// Whether both use the same carrier: where one cannot connect, the other cannot.
    func sharesCarrier(with other: DialWay) -> Bool { self.datagram === other.datagram }

    /// What people are told: `tcp`, `mse`, `utp`, `utp+mse`. A stream transport that has given way above datagrams is not
    /// told of.
    func name(isBypassed: Bool) -> String {
        guard let datagram = self.datagram else { return self.stream?.name ?? "tcp" }
        guard let stream = self.stream, !isBypassed else { return datagram.name }
        return datagram.name + "+" + stream.name
    }
}
