/// The commands that need nothing but the language itself.
enum LanguageCommands {
  static let topic = "Session"

  static func all(_ reference: Reference) -> [Command] {
    [Help.command(reference), Command(Session.self), Command(Drop.self), Command(Echo.self)]
  }
}

/// `help`: the manual.
private struct Help: TypedCommand {
  static var page: CommandPage { page(.none) }

  @Parameter("The command to explain.", as: .name(.command), positional: true) var command: String?

  /// The manual's page of it names what users come from.
  static func command(_ reference: Reference) -> Command { Command(Help.self, page: page(reference)) }

  private static func page(_ reference: Reference) -> CommandPage {
    let table = reference.name.isEmpty ? "" : " `help \(reference.name)` lists its calls beside the commands."
    return CommandPage(
      "help", topic: LanguageCommands.topic, summary: "Shows the manual: all commands, or the page of one.",
      discussion: "`COMMAND?` shows the same page." + table,
      examples: ["help", "help session"] + (reference.name.isEmpty ? [] : ["help \(reference.name)"]))
  }

  func run(_ invocation: Invocation) {
    let manual = invocation.registry.manual
    guard let command else { return invocation.output.show(manual.list().inHTML) }
    if command == manual.reference.name {
      invocation.output.show(manual.referenceTable().inHTML)
    } else {
      invocation.output.show((manual.page(of: command) ?? manual.list()).inHTML)
    }
  }
}

/// `session`: the values that there are.
private struct Session: TypedCommand {
  static let page = CommandPage(
    "session", topic: LanguageCommands.topic,
    summary: "Lists the values of the session: name, type, shape, size, statement, seconds, and where they came from.",
    examples: ["session"])

  func run(_ invocation: Invocation) { invocation.output.show(SessionListing.output(invocation.workspace).inHTML) }
}

/// `drop`: forgets values.
private struct Drop: TypedCommand {
  static let page = CommandPage(
    "drop", topic: LanguageCommands.topic, summary: "Forgets values; what is in the store stays there.",
    discussion: "The unnamed value of a type goes by the type: `drop dataset`.",
    examples: ["drop u", "drop df m", "drop dataset"], forgetsValues: true)

  @Parameter("The values to forget: names, or types whose unnamed value is meant.", positional: true)
  var names: [ValueSlot]

  func run(_ invocation: Invocation) throws {
    for slot in names where !invocation.workspace.drop(slot) {
      throw CommandFailure(
        "Only whole values can be dropped, and `\(slot.displayName)` is part of one.", parameter: $names.name)
    }
    invocation.output.show(RichOutput(text: "Dropped \(LanguageError.enumerate(names.map(\.displayName)))."))
  }
}

/// `echo`: a text among the results.
private struct Echo: TypedCommand {
  static let page = CommandPage(
    "echo", topic: LanguageCommands.topic, summary: "Shows a text.",
    examples: ["echo done", "echo \"all slides, both sites\""])

  @Parameter("The words or the quoted text.", positional: true) var text: [String]

  func run(_ invocation: Invocation) { invocation.output.note(text.joined(separator: " ")) }
}
