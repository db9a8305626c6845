// Every subcommand, in the order of the list that `--help` prints.

enum AllSubcommands {
    static let list: [any Subcommand.Type] = [
        ServeCommand.self, DemoCommand.self, SessionsCommand.self, TailCommand.self, SendCommand.self, StopCommand.self,
        PublishCommand.self, URLCommand.self, RebuildCommand.self,
    ]
}
