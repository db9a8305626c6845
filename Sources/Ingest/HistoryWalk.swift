// The way through a session's history from what the log knows whole to the newest page: first back, page by page, keeping nothing but where
// each page begins; then forward, each page read again and said, oldest first. So a walk that is cut short leaves no hole: what was said
// goes on from what the log had, and the next walk goes on from there. Memory is one page, however long nobody listened.

import OpenCode

struct HistoryWalk: Sendable {
    enum Step: Equatable {
        /// Ask for the page before this cursor.
        case ask(String)
        /// The page that was just read is the next to say.
        case say
        /// Nothing is left but the newest page.
        case newest
    }

    private struct Page: Sendable {
        let cursor: String
        /// The oldest message of the page behind it.
        let successor: MessagePlace?
    }

    /// Cursors are a few bytes each; a server that never ends is left here.
    static let pageLimit = 100_000

    private let anchors: Set<String>
    /// Between the log and the newest page, the oldest last.
    private var pages: [Page] = []
    private var isForward = false
    /// Upstream had no page where the log was not reached yet.
    private(set) var isCut = false

    /// `anchors`: messages up to which the log is whole; empty for a log without messages.
    init(anchors: Set<String>) { self.anchors = anchors }

    /// The newest message page was read.
    mutating func begin(_ newest: SessionRead) -> Step {
        if goesOn(newest, cursor: nil), let older = newest.older { return ask(older, behind: newest) }
        isForward = true
        return .newest
    }

    /// An older page was read.
    mutating func read(_ page: SessionRead) -> Step {
        guard !isForward, goesOn(page, cursor: pages.last?.cursor), let older = page.older else {
            isForward = true
            return .say
        }
        return ask(older, behind: page)
    }

    /// The page that was to be said is in the log.
    mutating func said() -> Step {
        pages.removeLast()
        return pages.last.map { .ask($0.cursor) } ?? .newest
    }

    /// What stands behind the page that is to be said.
    var successor: MessagePlace? { pages.last?.successor }

    private mutating func ask(_ older: String, behind page: SessionRead) -> Step {
        let first = page.messages.first.map { MessagePlace(created: $0.created, id: $0.id) }
        pages.append(Page(cursor: older, successor: first ?? pages.last?.successor))
        return .ask(older)
    }

    private mutating func goesOn(_ page: SessionRead, cursor: String?) -> Bool {
        if page.messages.contains(where: { anchors.contains($0.id) }) { return false }
        guard let older = page.older else {
            isCut = isCut || !page.isComplete
            return false
        }
        guard older != cursor, pages.count < Self.pageLimit else {
            isCut = true
            return false
        }
        return true
    }
}
