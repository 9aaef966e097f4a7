// SPDX-License-Identifier: Apache-2.0

/// The byte that names a message after its length (BEP 3; BEP 5 `port`; BEP 6 from `suggest` to `allowedFast`; BEP 10;
/// BEP 52 from `hashRequest`).
package enum MessageID {
    package static let choke: UInt8 = 0
    package static let unchoke: UInt8 = 1
    package static let interested: UInt8 = 2
    package static let notInterested: UInt8 = 3
    package static let have: UInt8 = 4
    package static let bitfield: UInt8 = 5
    package static let request: UInt8 = 6
    package static let piece: UInt8 = 7
    package static let cancel: UInt8 = 8
    package static let port: UInt8 = 9
    package static let suggest: UInt8 = 13
    package static let haveAll: UInt8 = 14
    package static let haveNone: UInt8 = 15
    package static let reject: UInt8 = 16
    package static let allowedFast: UInt8 = 17
    package static let extended: UInt8 = 20
    package static let hashRequest: UInt8 = 21
    package static let hashes: UInt8 = 22
    package static let hashReject: UInt8 = 23
}
