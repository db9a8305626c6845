// Everything that runs a real OpenCode: within a suite one after the other, so that no more of them run at a time than the machine bears.

import TestSupport
import Testing

@Suite(.ownThread, .enabled(if: !OpenCodeGeneration.installed.isEmpty, "neither OPENCODE1_BIN nor OPENCODE2_BIN is set"))
enum RealServers {}
