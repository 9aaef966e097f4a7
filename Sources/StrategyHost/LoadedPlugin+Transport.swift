// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Logging
import PeerTransport
import SwarmEvents

extension LoadedPlugin {
    /// The transport that this plugin is, with its options set to `values`.
    func makeTransport(_ values: OptionValueTable, logger: Logger) throws(StrategyError) -> Transport {
        guard let functions = self.transport?.pointee, let carrier = TransportCarrier(rawValue: functions.carrier)
        else { throw PluginDescriptionReader(path: self.path).error("is no transport") }
        let name = self.name
        return Transport(
            name: name, number: self.number, carrier: carrier, functions: functions, values: values.values,
            owner: values,
            meter: self.meter,
            log: { severity, line in
                logger.event(
                    .strategyMessage, at: Logger.Level(severity: severity), "\(name): \(line)",
                    ["strategy.name": "\(name)"])
            },
            whenFaulty: { self.countTransportFault($0, logger: logger) })
    }

    /// Counts a wrong answer of one of its instances; turns it off when it was one too many.
    private func countTransportFault(_ what: String, logger: Logger) {
        guard let count = self.record.countFault(after: self.meter.calls) else { return }
        self.meter.turnOff()
        logger.event(
            .strategyFaulted,
            """
            the transport \(self.name) is turned off after \(count) faults, no more connections are made by it: it \(what)
            """,
            [
                "strategy.name": "\(self.name)", "strategy.kind": "\(self.kind)", "strategy.path": "\(self.path)",
                "strategy.fault": "\(what)", "strategy.fallback": "next of the transports listed",
            ])
    }
}

extension swarm_transport {
    /// Whether all functions are there that the carrier needs, and none that it does not have.
    func check(_ reader: PluginDescriptionReader) throws(StrategyError) {
        guard self.create != nil, self.destroy != nil, self.received != nil, self.write != nil,
            self.deadline != nil, self.timer != nil
        else { throw reader.error("lacks functions that a transport must have") }
        switch TransportCarrier(rawValue: self.carrier) {
        case .stream:
            guard self.recognizes != nil else {
                throw reader.error("lacks functions that a transport over streams must have")
            }
            guard self.route == nil, self.set_window == nil else {
                throw reader.error("has functions that belong to transports over datagrams")
            }
        case .datagram:
            guard self.route != nil, self.set_window != nil else {
                throw reader.error("lacks functions that a transport over datagrams must have")
            }
            guard self.recognizes == nil, self.torrent_name == nil else {
                throw reader.error("has functions that belong to transports over streams")
            }
        case nil: throw reader.error("wants carrier \(self.carrier), which this swarmd does not know")
        }
    }
}
