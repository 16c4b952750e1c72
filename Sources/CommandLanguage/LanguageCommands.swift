/// The commands that need nothing but the language itself.
enum LanguageCommands {
  static let topic = "Session"

  static func all(besides others: [CommandDeclaration], valueTypes: [ValueTypeDeclaration]) -> [Command] {
    let own = [session(), drop(), echo()]
    let helpDeclaration = helpDeclaration()
    var declarations = others
    for declaration in [helpDeclaration] + own.map(\.declaration)
    where !others.contains(where: { $0.name == declaration.name }) {
      declarations.append(declaration)
    }
    return [help(helpDeclaration, Manual(declarations: declarations, valueTypes: valueTypes))] + own
  }

  private static func helpDeclaration() -> CommandDeclaration {
    CommandDeclaration(
      name: "help", topic: topic, summary: "Shows the manual: all commands, or the page of one.",
      discussion: "`COMMAND?` shows the same page.",
      parameters: [ParameterDeclaration("command", .name(.command), positional: true, "The command to explain.")],
      examples: ["help", "help session"])
  }

  private static func help(_ declaration: CommandDeclaration, _ manual: Manual) -> Command {
    Command(declaration) { invocation in
      if let name = invocation.arguments.text("command"), let page = manual.page(of: name) {
        invocation.output.show(page)
      } else {
        invocation.output.show(manual.list())
      }
      return nil
    }
  }

  private static func session() -> Command {
    Command(
      CommandDeclaration(
        name: "session", topic: topic,
        summary:
          "Lists the values of the session: name, type, shape, size, statement, seconds, and where they came from.",
        examples: ["session"])
    ) { invocation in
      invocation.output.show(SessionListing.output(invocation.workspace))
      return nil
    }
  }

  private static func drop() -> Command {
    Command(
      CommandDeclaration(
        name: "drop", topic: topic, summary: "Forgets values; what is in the store stays there.",
        parameters: [
          ParameterDeclaration("names", .list(.value([])), positional: true, required: true, "The values to forget.")
        ],
        examples: ["drop df", "drop df m"], forgetsValues: true)
    ) { invocation in
      var dropped: [String] = []
      for case .value(let name, _) in invocation.arguments["names"]?.items ?? [] {
        guard invocation.workspace.drop(name) else {
          throw CommandFailure("Only whole values can be dropped, and `\(name)` is part of one.", parameter: "names")
        }
        dropped.append(name)
      }
      invocation.output.show(RichOutput(text: "Dropped \(LanguageError.enumerate(dropped))."))
      return nil
    }
  }

  private static func echo() -> Command {
    Command(
      CommandDeclaration(
        name: "echo", topic: topic, summary: "Shows a text.",
        parameters: [
          ParameterDeclaration("text", .list(.text), positional: true, required: true, "The words or the quoted text.")
        ],
        examples: ["echo done", "echo \"all slides, both sites\""])
    ) { invocation in
      invocation.output.note((invocation.arguments.texts("text") ?? []).joined(separator: " "))
      return nil
    }
  }
}
