// The OpenCode of a campaign: how Reprise is to find it, how it is killed, what it says of a session in the end.

import TestSupport
import Wire

protocol CampaignUpstream: AnyObject {
    /// What follows `serve --data …`, and what the environment says, while Reprise is told its address.
    var arguments: [String] { get }
    var environment: [String: String] { get }
    /// What OpenCode itself says of a session's messages.
    func messages(_ session: String) throws -> [ComparableMessage]
    /// SIGKILL.
    func kill() throws
    /// After a kill: the same again. Nothing, where Reprise sees to it.
    func restart() throws
    /// From now on Reprise finds it or starts it by itself (`--opencode auto`). False where it cannot.
    func becomeReprisesOwn(_ relay: RelayProcess) throws -> Bool
    /// What is wrong with the processes that run: an orphan, a second server.
    func faultsOfProcesses() -> [String]
    /// Which process serves; nil where nobody needs to know.
    var processID: Int32? { get }
    func stop()
}
