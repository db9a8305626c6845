// When to come back (RFC 9110, 10.2.3), where it is said in seconds; a date is as good as nothing said.

import Wire

extension HTTPResponseHead {
    /// At most an hour.
    var retryAfter: Duration? { headers["retry-after"].flatMap { Int($0) }.map { .seconds(min(max($0, 0), 3600)) } }
}
