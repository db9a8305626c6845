// One campaign from its start to its report. Everything that is random follows from the seed, but for what the machine's scheduling adds.

import Foundation
import Reactor
import TestSupport
import Wire

final class ResumeCampaign {
    let plan: ResumePlan
    let upstream: any CampaignUpstream
    let relay: RelayProcess
    let subscribers: SubscriberSet
    /// The topic `opencode`, in which each absence must be told.
    let opencode: TopicWatch
    let publisher: NumberPublisher
    private(set) var sessions: [String] = []
    private(set) var watches: [TopicWatch] = []
    private(set) var prompters: [Prompter] = []
    var seed: Seed
    var absences: [Absence] = []
    var faults: [String] = []
    /// Reprise finds OpenCode by itself.
    var isOwn = false
    /// What earlier lives of Reprise said on standard error.
    var pastErrors: [String] = []
    private let start = ContinuousClock.now
    private(set) var logs: [String: [String]] = [:]

    init(_ plan: ResumePlan) throws {
        self.plan = plan
        seed = Seed(plan.seed)
        upstream =
            if let real = plan.generation.real, let binary = plan.binary { try RealUpstream(real, binary: binary) } else {
                try ScriptedUpstream()
            }
        relay = try RelayProcess(upstream.arguments, environment: upstream.environment)
        try relay.program.error(with: "upstream connected")
        if NodeProgram.path == nil { complain("no node 22 or later is here: the JavaScript client takes no part") }
        subscribers = try SubscriberSet(relay, seed: &seed)
        opencode = try TopicWatch("opencode", url: relay.url, token: relay.token)
        publisher = try NumberPublisher(relay, seed: &seed)
        for topic in [NumberPublisher.topic, "lobby"] { try subscribers.follow(topic) }
        for number in 0..<plan.sessions { try begin(number) }
    }

    private func begin(_ number: Int) throws {
        guard let session = try relay.post("/v1/sessions", #"{"title":"ResumeCampaign \#(number)"}"#)["id"]?.string else {
            throw BenchFailure("no session was made")
        }
        sessions.append(session)
        let watch = try TopicWatch(session, url: relay.url, token: relay.token)
        watches.append(watch)
        try subscribers.follow(session)
        prompters.append(try Prompter(number, watch, relay, texts: Self.texts(plan.generation), seed: &seed))
    }

    /// Mostly long answers: something streams at any time.
    private static func texts(_ generation: ResumePlan.Generation) -> [String] {
        let common = ["think", "unicode", "markdown", "hello", "toolerror"]
        return common
            + (generation == .scripted
                ? ["long 300", "long 500", "long 800", "tools", "parallel", "flood 150"]
                : ["long", "long", "long", "long half", "chatty", "parallel", "firehose 400"])
    }

    var isOverTime: Bool { ContinuousClock.now - start > .seconds(plan.seconds) }

    func run() throws -> ResumeReport {
        try playHazards()
        while subscribers.fewestCuts < plan.cuts, !isOverTime { usleep(100_000) }
        if subscribers.fewestCuts < plan.cuts {
            faults.append("after \(plan.seconds) s one kind of client was cut \(subscribers.fewestCuts) times only")
        }
        complain("all cuts and kills are done; waiting for those who play")
        publisher.stop()
        for prompter in prompters { prompter.stop() }
        let published = publisher.finish()
        let prompted = prompters.map { $0.finish() }
        try comeToRest()
        logs = try Dictionary(
            uniqueKeysWithValues: (sessions + [NumberPublisher.topic, "lobby", "opencode"]).map { ($0, try relay.log($0)) })
        let followed = logs.filter { $0.key != "opencode" }
        faults += published.faults + prompted.flatMap(\.faults)
        faults += subscribers.faults(against: followed)
        faults += PublishedEvents(log: logs[NumberPublisher.topic] ?? []).faults(of: published.acknowledged)
        let histories = try logs.mapValues { try TopicHistory($0) }
        faults += AbsenceCheck(histories: histories, sessions: sessions).faults(of: absences)
        for (session, prompts) in zip(sessions, prompted) { try checkSession(session, prompts.acknowledged, histories[session]) }
        return ResumeReport(self, published, prompted, seconds: (ContinuousClock.now - start) / .seconds(1), histories)
    }

    private func checkSession(_ session: String, _ prompts: [Prompter.Prompt], _ history: TopicHistory?) throws {
        guard let history else { return }
        let theirs = try upstream.messages(session)
        let ours = try relay.messages(session)
        let deaths = absences.filter(\.isDeath).map(\.time)
        faults += MessageCheck(session: session, torn: history.openMessages(at: deaths)).faults(ours: ours, theirs: theirs)
        faults += try PromptCheck(session: session, history: history, theirs: theirs).faults(of: prompts) { id in
            try relay.get("/v1/sessions/\(session)/commands/\(id)")["state"]?.string ?? ""
        }
        faults += SaidOnceCheck(history).faults.map { "\(session): \($0)" }
        let folded = ComparableMessage.ours(try JSON.parse(history.fold().canonicalForm, depth: 1024))
        if folded != ours { faults.append("\(session): the log does not fold to what is answered") }
    }

    /// Nothing runs and nothing is said any more.
    private func comeToRest() throws {
        let end = ContinuousClock.now + .seconds(120)
        var last: [String] = []
        while ContinuousClock.now < end {
            let states = try sessions.map { try relay.get("/v1/sessions/\($0)") }
            let positions = states.compactMap { $0["position"]?.string }
            let isIdle = states.allSatisfy { $0["status"]?["status"]?.string == "idle" }
            if isIdle, positions == last { return }
            last = positions
            usleep(1_000_000)
        }
        faults.append("the sessions did not come to rest")
    }

    func stop() {
        try? relay.kill()
        upstream.stop()
    }

    /// For whoever wants to know why.
    func dump(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (topic, lines) in logs { try lines.joined().write(toFile: "\(folder)/\(topic).ndjson", atomically: false, encoding: .utf8) }
        let errors = (pastErrors + [relay.program.errors]).joined(separator: "\n---- next life\n")
        try errors.write(toFile: "\(folder)/reprise.stderr", atomically: false, encoding: .utf8)
        let told = absences.map { "\($0.time) \($0.cause.rawValue)\($0.isOwn ? " own" : "")" }.joined(separator: "\n")
        try told.write(toFile: "\(folder)/absences.txt", atomically: false, encoding: .utf8)
        for session in sessions {
            let theirs = (try? upstream.messages(session)) ?? []
            let ours = (try? relay.messages(session)) ?? []
            try "\(theirs)".write(toFile: "\(folder)/\(session).theirs", atomically: false, encoding: .utf8)
            try "\(ours)".write(toFile: "\(folder)/\(session).ours", atomically: false, encoding: .utf8)
        }
    }
}

extension RelayProcess {
    /// All messages of a session, page by page.
    fileprivate func messages(_ session: String) throws -> [ComparableMessage] {
        var page = try get("/v1/sessions/\(session)")
        var all = ComparableMessage.ours(page)
        while let before = page["before"]?.string {
            page = try get("/v1/sessions/\(session)/messages?before=\(PercentEncoding.encode(before))&limit=100")
            all = ComparableMessage.ours(page) + all
        }
        return all
    }
}
