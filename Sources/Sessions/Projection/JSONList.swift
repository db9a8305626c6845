// Short lists of ids in one column.

import Wire

enum JSONList {
    static func bytes(_ strings: [String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { array in for string in strings { array.string(string) } }
        return writer.bytes
    }

    static func strings(_ bytes: [UInt8]) -> [String] { (try? JSON.parse(bytes))?.items.compactMap(\.string) ?? [] }
}
