// Whether two values say the same: members in any order, strings by their text, numbers by their text or else by their value.

extension JSONValue {
    public func says(sameAs other: JSONValue) -> Bool {
        if raw.elementsEqual(other.raw) { return true }
        guard kind == other.kind else { return false }
        switch kind {
        case .object: return hasSameMembers(as: other)
        case .array:
            let (mine, theirs) = (items, other.items)
            return mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.says(sameAs: $1) }
        case .string:
            guard let mine = rawText, let theirs = other.rawText else { return false }
            return JSONText.utf16(mine) == JSONText.utf16(theirs)
        case .number: return double == other.double
        case .true, .false, .null: return true
        }
    }

    private func hasSameMembers(as other: JSONValue) -> Bool {
        let (mine, theirs) = (membersByName, other.membersByName)
        guard mine.count == theirs.count else { return false }
        return mine.allSatisfy { name, value in theirs[name].map { value.says(sameAs: $0) } ?? false }
    }

    // By units: Swift's strings are equal when they look the same.
    private var membersByName: [[UInt16]: JSONValue] {
        var all: [[UInt16]: JSONValue] = [:]
        forEachMember { key, value in all[JSONText.utf16(key.rawText ?? [])] = value }
        return all
    }
}
