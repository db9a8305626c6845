// A process that writes to a log and says what it was told, for tests that kill it or break its disk.
//
//     log-child append FOLDER    appends without an end, and reports each append
//     log-child sync FOLDER      does one thing after the other, and says of each when it was asked and how it went

import Foundation

let words = CommandLine.arguments
guard words.count == 3 else { exit(2) }
switch words[1] {
case "append": try AppendingWriter(folder: words[2]).run()
case "sync": try OrderlyWriter(folder: words[2]).run()
default: exit(2)
}
