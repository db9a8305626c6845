// The page's files, as they are embedded in the program.

import Server
import WebPage
import Wire

enum PageAssets {
    static let assets: Assets = {
        var files: [String: Assets.File] = [:]
        for index in 0..<reprise_web_file_count {
            // SAFETY: the table and what it points to are constants of the program, of the lengths that stand beside them.
            let file = unsafe reprise_web_file_at(index)!.pointee
            let bytes = unsafe [UInt8](UnsafeBufferPointer(start: file.bytes, count: file.count))
            let tag = "\"" + Hex.encode(Array(SHA256.hash(bytes).prefix(12))) + "\""
            unsafe files[String(cString: file.path)] = Assets.File(type: String(cString: file.type), bytes: bytes, tag: tag)
        }
        return Assets(files: files)
    }()
}
