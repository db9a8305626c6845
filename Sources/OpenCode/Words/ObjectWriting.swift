// What we have no field for goes along as it came, under a name of its own.

import Wire

extension JSONWriter {
    /// The members of `object` besides `known` and nulls, as one object under `name`; nothing if there are none.
    mutating func rest(_ name: StaticString, of object: JSONValue?, besides known: [StaticString]) {
        var others: [(key: JSONValue, value: JSONValue)] = []
        object?.forEachMember { key, value in
            if !value.isNull, !known.contains(where: { key.says($0) }) { others.append((key, value)) }
        }
        guard !others.isEmpty else { return }
        key(name)
        self.object { writer in
            for (key, value) in others {
                writer.key(named: key.string ?? "")
                writer.raw(value.raw)
            }
        }
    }
}
