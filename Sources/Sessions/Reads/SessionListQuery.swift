// What a list of sessions can be asked for.

import RelayProtocol

/// The query of `GET /v1/sessions`.
public struct SessionListQuery: Sendable, Equatable {
    /// Nil for both, those that are and those that are not.
    public var archived: Bool?
    /// Part of a title or of a directory.
    public var search: String?
    /// As an earlier page gave it.
    public var cursor: String?
    public var limit: Int
    /// Only children of this session.
    public var parent: String?

    public init(archived: Bool? = false, search: String? = nil, cursor: String? = nil, limit: Int = Limits.listRows, parent: String? = nil)
    {
        self.archived = archived
        self.search = search
        self.cursor = cursor
        self.limit = min(max(limit, 1), Limits.mostListRows)
        self.parent = parent
    }
}
