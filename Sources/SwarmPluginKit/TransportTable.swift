// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// The C functions of a transport, which pass each call on to an instance.
enum TransportTable {
    nonisolated(unsafe) static var make: ((LinkSetup) -> Transport?)?
    nonisolated(unsafe) static var recognizes: ((UnsafeBufferPointer<UInt8>) -> Bool)?
    nonisolated(unsafe) static var torrentName: ((UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void)?
    nonisolated(unsafe) static var route: ((UnsafeBufferPointer<UInt8>, inout swarm_route) -> Bool)?

    /// `takeUnretainedValue` would count references atomically, at twenty times the cost of the call.
    private static func with(_ instance: UnsafeMutableRawPointer?, _ body: (Transport) -> Void) {
        guard let instance else { return }
        Unmanaged<Transport>.fromOpaque(instance)._withUnsafeGuaranteedRef { body($0) }
    }

    static func functions(_ carrier: TransportCarrier) -> UnsafePointer<swarm_transport> {
        let table = UnsafeMutablePointer<swarm_transport>.allocate(capacity: 1)
        table.initialize(to: Self.common())
        switch carrier {
        case .stream(let recognizes, let torrentName):
            Self.recognizes = recognizes
            Self.torrentName = torrentName
            Self.addStream(to: &table.pointee, namesTorrents: torrentName != nil)
        case .datagram(let route):
            Self.route = route
            Self.addDatagrams(to: &table.pointee)
        }
        return UnsafePointer(table)
    }

    private static func common() -> swarm_transport {
        swarm_transport(
            struct_size: UInt32(MemoryLayout<swarm_transport>.size), carrier: SWARM_CARRIER_STREAM,
            create: { host, functions, connection, values, count in
                guard let host, let functions, let connection, let make = TransportTable.make else { return nil }
                let setup = LinkSetup(
                    host: host, functions: functions, connection: connection, values: values, valueCount: count)
                guard let transport = make(setup) else { return nil }
                return Unmanaged.passRetained(transport).toOpaque()
            },
            destroy: { instance in
                if let instance { Unmanaged<Transport>.fromOpaque(instance).release() }
            },
            route: nil, torrent_name: nil, recognizes: nil,
            received: { instance, bytes, count, now in
                let bytes = UnsafeMutableBufferPointer(start: bytes, count: count)
                TransportTable.with(instance) { $0.received(bytes, now: now) }
            },
            write: { instance, bytes, count, now in
                var taken = 0
                let bytes = UnsafeMutableBufferPointer(start: bytes, count: count)
                TransportTable.with(instance) { taken = $0.write(bytes, now: now) }
                return taken
            },
            settle: { instance, now in TransportTable.with(instance) { $0.settle(now: now) } },
            deadline: { instance in
                var deadline = Int64.max
                TransportTable.with(instance) { deadline = $0.deadline }
                return deadline
            },
            timer: { instance, now in TransportTable.with(instance) { $0.timerFired(now: now) } },
            set_window: nil,
            close: { instance, now in TransportTable.with(instance) { $0.close(now: now) } })
    }

    private static func addStream(to table: inout swarm_transport, namesTorrents: Bool) {
        table.recognizes = { bytes, count in
            guard let recognizes = TransportTable.recognizes else { return 0 }
            return recognizes(UnsafeBufferPointer(start: bytes, count: count)) ? 1 : 0
        }
        guard namesTorrents else { return }
        table.torrent_name = { infoHash, name in
            guard let infoHash, let name, let torrentName = TransportTable.torrentName else { return }
            torrentName(infoHash, name)
        }
    }

    private static func addDatagrams(to table: inout swarm_transport) {
        table.carrier = SWARM_CARRIER_DATAGRAM
        table.route = { datagram, count, answer in
            guard let answer, let route = TransportTable.route else { return 0 }
            return route(UnsafeBufferPointer(start: datagram, count: count), &answer.pointee) ? 1 : 0
        }
        table.set_window = { instance, count, now in
            TransportTable.with(instance) { $0.setWindow(count, now: now) }
        }
    }
}
