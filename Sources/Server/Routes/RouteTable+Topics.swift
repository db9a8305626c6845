// Topics: all can be read, plain ones written.

extension RouteTable {
    static let topicRows: [RouteRow] = [
        RouteRow(
            method: "GET", path: "/v1/topics", summary: "The topics by name", query: ["cursor", "limit"],
            answers: [.json("`topics`, `cursor` of the next page")]
        ) { _ in .topics },
        RouteRow(
            method: "DELETE", path: "/v1/topics/{topic}", summary: "Remove a plain topic", answers: [.init(status: 204, what: "It is gone")]
        ) { match throws(HTTPFault) in .deleteTopic(try match.plainTopic()) },
        events("/v1/topics/{topic}/events") { match throws(HTTPFault) in .events(try EventsRead(match.topic(), match.head)) },
        RouteRow(
            method: "POST", path: "/v1/topics/{topic}/events", summary: "Publish to a plain topic",
            body: ["application/json", "application/x-ndjson"], answers: [.json("`first`, `last`, `count`, after the commit")]
        ) { match throws(HTTPFault) in .publish(try match.plainTopic()) },
        websocket("/v1/topics/{topic}/websocket") { match throws(HTTPFault) in
            .websocket(try SubscriptionTarget(match.topic(), match.head))
        },
        blob("/v1/topics/{topic}/blobs/{hash}") { match throws(HTTPFault) in
            .blob(try match.topic(), hash: match.values[1], isSession: false)
        },
    ]
}
