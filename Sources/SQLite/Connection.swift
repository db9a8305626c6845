public final class Connection {}
