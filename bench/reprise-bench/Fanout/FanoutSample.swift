// What one run gave.

import Foundation

struct FanoutSample: Codable {
    let server: ServerKind
    let deliveries: Int
    let serverSeconds: Double
    let systemShare: Double
    let wallSeconds: Double
    let generatorSeconds: Double

    /// The number that counts.
    var microsecondsADelivery: Double { serverSeconds * 1e6 / Double(deliveries) }
    var deliveriesASecond: Double { Double(deliveries) / wallSeconds }
    var serverBusy: Double { serverSeconds / wallSeconds }
    var generatorBusy: Double { generatorSeconds / wallSeconds }

    func line(run: Int) -> String {
        String(
            format: "run %d  %@ %8.3f µs/delivery  %3.0f %% in the kernel  %10.0f deliveries/s  busy: server %3.0f %%, generator %3.0f %%",
            run,
            server.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0), microsecondsADelivery, systemShare * 100, deliveriesASecond,
            serverBusy * 100, generatorBusy * 100)
    }
}
