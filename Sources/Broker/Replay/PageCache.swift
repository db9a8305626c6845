// The pages that were read last, so that those who come a moment later need not read them again. Few: a page is up to a quarter of a
// megabyte, and what is read now is what others read now.

import RelayProtocol

struct PageCache {
    private static let pages = 16
    private var entries: [(request: PageRequest, page: Page)] = []

    subscript(_ request: PageRequest) -> Page? {
        mutating get {
            guard let index = entries.firstIndex(where: { $0.request == request }) else { return nil }
            let entry = entries.remove(at: index)
            entries.append(entry)
            return entry.page
        }
    }

    mutating func keep(_ page: Page, for request: PageRequest) {
        guard !page.frames.isEmpty, !request.firstAlone else { return }
        if entries.count == Self.pages { entries.removeFirst() }
        entries.append((request, page))
    }

    /// The topic is gone or was cut.
    mutating func drop(_ topic: TopicName) { entries.removeAll { $0.request.topic == topic } }

    mutating func dropAll() { entries = [] }
}
