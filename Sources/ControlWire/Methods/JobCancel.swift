// SPDX-License-Identifier: Apache-2.0

/// Stops a long operation; one that has ended stays as it is.
package enum JobCancel: ControlMethod {
    /// The name on the wire.
    package static let name = "job.cancel"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package typealias Params = JobReference

    /// What comes out.
    package typealias Result = JobStatus
}
