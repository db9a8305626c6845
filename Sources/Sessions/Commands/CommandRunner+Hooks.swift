// The runner's side of the loop that it lives on: everything it does to the world.

import OpenCode

extension CommandRunner {
    /// What the runner needs of the loop and of ingest. All but `post` are called on the loop and call back on it.
    public struct Hooks {
        public var send: (UpstreamRequest, @escaping (UpstreamAnswer) -> Void) -> Void
        public var after: (Duration, @escaping () -> Void) -> Void
        /// The adapter's exchange (`perform`); nil while no OpenCode is known.
        public var exchange: (UpstreamCommand, UpstreamIdentifiers, [UInt8]?, _ settling: Bool) -> (any UpstreamExchange<CommandResult>)?
        /// The log's clock, ms since 1970.
        public var now: () -> Int64
        /// Brings a note from any thread to `receive`.
        public var post: @Sendable (CommandNote) -> Void
        /// Somebody acts on a card of this session, or on the message that a prompt will have: the event that tells of it should say who …
        public var acting: (_ object: String, _ session: String?, _ by: String) -> Void
        /// … if it succeeded.
        public var acted: (_ object: String, _ succeeded: Bool) -> Void
        /// The event, as it was told, that closed a card since `acting` was said of it; nil where none was heard.
        public var closing: (_ card: String) -> [UInt8]?
        /// OpenCode has taken a prompt for this session, which was sent then (ms since 1970): a turn should follow.
        public var prompted: (_ session: String, _ sentAt: Int64) -> Void
        /// A session was created: make it known, then call back (on any thread). Who waits for the create is told after that.
        public var created: (_ session: String, @escaping @Sendable () -> Void) -> Void

        public init(
            send: @escaping (UpstreamRequest, @escaping (UpstreamAnswer) -> Void) -> Void,
            after: @escaping (Duration, @escaping () -> Void) -> Void,
            exchange:
                @escaping (UpstreamCommand, UpstreamIdentifiers, [UInt8]?, _ settling: Bool) -> (any UpstreamExchange<CommandResult>)?,
            now: @escaping () -> Int64, post: @escaping @Sendable (CommandNote) -> Void,
            acting: @escaping (_ object: String, _ session: String?, _ by: String) -> Void,
            acted: @escaping (_ object: String, _ succeeded: Bool) -> Void,
            closing: @escaping (_ card: String) -> [UInt8]?,
            prompted: @escaping (_ session: String, _ sentAt: Int64) -> Void,
            created: @escaping (_ session: String, @escaping @Sendable () -> Void) -> Void
        ) {
            self.send = send
            self.after = after
            self.exchange = exchange
            self.now = now
            self.post = post
            self.acting = acting
            self.acted = acted
            self.closing = closing
            self.prompted = prompted
            self.created = created
        }
    }
}
