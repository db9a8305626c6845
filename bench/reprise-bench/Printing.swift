// Results go to stdout; what a person should know besides goes to stderr, so that JSON can be piped.

import Foundation

/// One line at once, into a pipe too.
func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
/// How a measurement goes on; not part of its result.
func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
func complain(_ text: String) { FileHandle.standardError.write(Data("reprise-bench: \(text)\n".utf8)) }
