// Files that come with a prompt. There is one file in every directory, the one that the scripts read.

import Wire

enum ScriptedAttachment {
    static let file = (name: "app.py", text: "def index():\n    return 'hello'\n")

    static func path(in directory: String) -> String { directory + "/" + file.name }

    /// Of a `file:` URL.
    static func path(_ url: String) -> String? {
        guard url.hasPrefix("file://") else { return nil }
        return PercentEncoding.decode(String(url.dropFirst("file://".count)))
    }

    /// What a `data:` URL holds.
    static func inline(_ url: String) -> (mime: String, bytes: [UInt8])? {
        guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ",") else { return nil }
        let kind = url[..<comma].dropFirst("data:".count)
        let rest = String(url[url.index(after: comma)...])
        let mime = String(kind.prefix { $0 != ";" })
        guard kind.hasSuffix(";base64") else { return PercentEncoding.decode(rest).map { (mime, Array($0.utf8)) } }
        return Base64.decode(rest).map { (mime, $0) }
    }
}
