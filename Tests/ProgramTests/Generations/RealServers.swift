// Everything that runs a real OpenCode, one after the other: side by side they would take each other's time.

import TestSupport
import Testing

@Suite(.serialized, .enabled(if: !OpenCodeGeneration.installed.isEmpty, "neither OPENCODE1_BIN nor OPENCODE2_BIN is set"))
enum RealServers {}
