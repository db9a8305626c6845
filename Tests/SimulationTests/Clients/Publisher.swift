// Somebody who publishes to a topic under a key, and again under the same key until it is answered.

import EventLog
import RelayProtocol

struct Publishing {
    let topic: TopicName
    let key: String
    let payloads: [String]
    /// Asked for and not answered.
    var isAsked = false
    /// When it is sent again.
    var again: Int64 = 0

    var append: Append {
        Append(
            topic: topic, events: payloads.map { Event(.plain, payload: Array($0.utf8)) },
            idempotency: IdempotencyKey(key: key, bodyHash: Array(payloads.joined().utf8)))
    }
}

struct PublishAnswer: Sendable {
    let key: String
    let appended: Appended?
}
