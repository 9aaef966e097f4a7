// SPDX-License-Identifier: Apache-2.0

/// Tells how far a long operation is.
package enum JobShow: ControlMethod {
    /// The name on the wire.
    package static let name = "job.show"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = JobReference

    /// What comes out.
    package typealias Result = JobStatus
}
