// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import SwarmConfig

/// Has the caps follow the schedule: looks at the clock once a minute.
struct ScheduleService: Service {
    let keeper: ConfigurationKeeper

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: WallClock.untilNextMinute) } catch { return }
                await self.keeper.followSchedule()
            }
        }
    }
}
