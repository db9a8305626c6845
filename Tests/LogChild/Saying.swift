import Foundation

/// A line on standard output, in one write.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
