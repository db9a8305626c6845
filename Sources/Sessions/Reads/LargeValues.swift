// What may be cut out of a message or of a state, in the order in which it is given up: strings, those of parts that still grow at the end;
// then, where there is too much of small things, lists and objects, the inner ones first: members of a card or a part, then such an object,
// then a whole list. An inner value that is nearer to the words is never looked at: it would save less than it hides.

import Wire

struct LargeValues {
    /// Shorter values stay: a reference has a hundred bytes.
    private static let leastBytes = 2 * CutValue.referenceBytes
    private static let levels = 3

    private var closed: [JSONValue] = []
    private var open: [JSONValue] = []
    /// By how deep they stand.
    private var containers = [[JSONValue]](repeating: [], count: levels + 1)

    /// `kept`: a member of `root` that is not looked at.
    init(_ root: JSONValue, leaving kept: StaticString? = nil) {
        root.forEachMember { key, value in
            if let kept, key.says(kept) { return }
            collect(value, level: 1, isOpen: false)
        }
    }

    private mutating func collect(_ value: JSONValue, level: Int, isOpen: Bool) {
        guard value.range.count > Self.leastBytes else { return }
        switch value.kind {
        case .string:
            if isOpen { open.append(value) } else { closed.append(value) }
        case .object:
            if level <= Self.levels { containers[level].append(value) }
            let isOpen = isOpen || value["open"]?.bool == true || value["state"]?.says("running") == true
            value.forEachMember { _, member in collect(member, level: level + 1, isOpen: isOpen) }
        case .array:
            if level <= Self.levels { containers[level].append(value) }
            for item in value.items { collect(item, level: level + 1, isOpen: isOpen) }
        default: break
        }
    }

    /// What is given up together, as much of it as is needed, the largest first.
    var steps: [[JSONValue]] { [closed, open] + containers.reversed() }
    var all: [JSONValue] { steps.flatMap(\.self) }
}
