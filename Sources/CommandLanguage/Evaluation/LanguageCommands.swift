/// The commands that need nothing but the language itself.
enum LanguageCommands {
  static let topic = "Session"

  static func all(
    besides others: [Command], valueTypes: [ValueTypeDeclaration], reference: Reference
  ) -> [Command] {
    let own = [session(), drop(), echo()]
    let helpDeclaration = helpDeclaration(reference)
    let given = Set(others.map(\.declaration.name))
    // The manual explains `help` too, which needs no more than its declaration for it.
    let explained =
      others + ([Command(helpDeclaration) { _ in nil }] + own).filter { !given.contains($0.declaration.name) }
    return [help(helpDeclaration, Manual(commands: explained, valueTypes: valueTypes, reference: reference))] + own
  }

  private static func helpDeclaration(_ reference: Reference) -> CommandDeclaration {
    let table = reference.name.isEmpty ? "" : " `help \(reference.name)` lists its calls beside the commands."
    return CommandDeclaration(
      name: "help", topic: topic, summary: "Shows the manual: all commands, or the page of one.",
      discussion: "`COMMAND?` shows the same page." + table,
      parameters: [ParameterDeclaration("command", .name(.command), positional: true, "The command to explain.")],
      examples: ["help", "help session"] + (reference.name.isEmpty ? [] : ["help \(reference.name)"]))
  }

  private static func help(_ declaration: CommandDeclaration, _ manual: Manual) -> Command {
    Command(declaration) { invocation in
      let name = invocation.arguments.text("command")
      if let name, name == manual.reference.name {
        invocation.output.show(manual.referenceTable())
      } else if let name, let page = manual.page(of: name) {
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
        discussion: "The unnamed value of a type goes by the type: `drop dataset`.",
        parameters: [
          ParameterDeclaration(
            "names", .list(.valueOrSlot), positional: true, required: true,
            "The values to forget: names, or types whose unnamed value is meant.")
        ],
        examples: ["drop u", "drop df m", "drop dataset"], forgetsValues: true)
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
