// The program. A relay takes its signals from a descriptor: they are blocked here, before any other thread is made.

import Foundation
import Reactor

let commandLine = Array(CommandLine.arguments.dropFirst())
if Program.handlesSignals(commandLine) { Signals.block() }
exit(Program.run(commandLine))
