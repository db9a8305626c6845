// What happened in a campaign, and what was wrong.

import Foundation
import TestSupport

struct ResumeReport: Encodable {
    struct Transport: Encodable {
        let cuts: Int
        let resumes: Int
        let events: Int
        /// Different times at which clients were told to come back, and how often they were told.
        let drainSlots: Int
        let drainsHeard: Int
    }

    struct Absences: Encodable {
        let count: Int
        /// While an answer was under way.
        let busy: Int
        /// With an OpenCode that Reprise ran by itself.
        let own: Int
    }

    let plan: ResumePlan
    let seconds: Double
    let transports: [String: Transport]
    let absences: [String: Absences]
    /// In the topic opencode, each healed.
    let outages: Int
    let eventsInLog: [String: Int]
    let promptsAcknowledged: Int
    let batchesAcknowledged: Int
    let publishingRefused: Int
    let faults: [String]

    init(
        _ campaign: ResumeCampaign, _ published: NumberPublisher.Record, _ prompted: [Prompter.Record], seconds: Double,
        _ histories: [String: TopicHistory]
    ) {
        plan = campaign.plan
        self.seconds = seconds
        transports = campaign.subscribers.outcomes.mapValues {
            Transport(cuts: $0.cuts, resumes: $0.resumes, events: $0.events, drainSlots: Set($0.drains).count, drainsHeard: $0.drains.count)
        }
        let check = AbsenceCheck(histories: histories, sessions: campaign.sessions)
        absences = Dictionary(grouping: campaign.absences) { $0.cause.rawValue }.mapValues { all in
            Absences(count: all.count, busy: check.busy(all), own: all.count(where: \.isOwn))
        }
        outages = Set((histories["opencode"]?.outages ?? []).filter(\.isHealed).map(\.from)).count
        eventsInLog = histories.mapValues(\.entries.count)
        promptsAcknowledged = prompted.map(\.acknowledged.count).reduce(0, +)
        batchesAcknowledged = published.acknowledged.count
        publishingRefused = published.refusals
        faults = campaign.faults
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
