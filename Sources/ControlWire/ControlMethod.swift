// SPDX-License-Identifier: Apache-2.0

/// One method of the control protocol: its name, who may call it, and the types of what goes in and comes out. Both
/// ends of the socket use the same conformance, so they cannot disagree.
package protocol ControlMethod: Sendable {
    /// The object under `params`.
    associatedtype Params: ControlObject
    /// The object under `result`.
    associatedtype Result: ControlObject
    /// The name under `method`, such as `torrent.add`.
    static var name: String { get }
    /// What a caller must be allowed to do.
    static var access: ControlAccess { get }
}
