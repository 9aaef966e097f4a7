// SPDX-License-Identifier: Apache-2.0

/// A long operation that goes on in the daemon; `job.show` tells how far it is.
package struct JobReference: ControlObject {
    /// The number to ask `job.show` and `job.cancel` about.
    package var job: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case job
    }

    /// Takes the fields as they are.
    package init(job: Int) {
        self.job = job
    }
}
