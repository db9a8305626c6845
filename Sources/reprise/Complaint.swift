import Foundation

/// One line to stderr, under the program's name.
func complain(_ text: String) { FileHandle.standardError.write(Data("reprise: \(text)\n".utf8)) }
