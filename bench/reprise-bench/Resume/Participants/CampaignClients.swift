// How the participants of a campaign talk to Reprise: impatient clients, through proxies that swallow most answers.

import RepriseClient
import TestSupport

enum CampaignClients {
    static func client(url: String, token: String) throws -> RepriseClient {
        var options = RepriseOptions()
        (options.backoffBase, options.backoffCap) = (.milliseconds(10), .milliseconds(200))
        (options.requestTimeout, options.commandTimeout) = (.seconds(5), .seconds(30))
        return try RepriseClient(url: url, token: token, options: options)
    }

    /// A way on which an answer is cut as often as not.
    static func lossyProxy(_ relay: RelayProcess, _ seed: inout Seed) throws -> CuttingProxy {
        try CuttingProxy(to: relay.port, seed: seed.fork(), bytes: 10...2000)
    }
}
