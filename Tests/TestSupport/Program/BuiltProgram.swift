// Programs of this package: they lie beside the one that runs, be it the tests or the bench.

import Foundation

public enum BuiltProgram {
    public static func path(_ name: String) -> String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name).path
    }
}
