/// What another tool documents: the calls that users bring with them.
///
/// A command claims a call by listing its name among its `referenceNames`; a call that no command claims is
/// answered, and listed in the manual, as not there yet.
package struct Reference: Sendable {
  /// The tool, as in "slideflow".
  package let name: String
  /// The names that its modules go by in notebooks, as in `sf`.
  package let modules: Set<String>
  /// The command that writes a value to a file.
  package let savingCommand: String
  package let calls: [ReferenceCall]

  package init(name: String, modules: Set<String>, savingCommand: String, calls: [ReferenceCall]) {
    self.name = name
    self.modules = modules
    self.savingCommand = savingCommand
    self.calls = calls
  }

  static let none = Reference(name: "", modules: [], savingCommand: "", calls: [])
}

/// One documented call or attribute.
package struct ReferenceCall: Sendable {
  /// Where a value goes that is given to the call.
  package enum Place: Sendable, Equatable {
    case subject
    case parameter(String)
    /// The result is saved to this file.
    case file
    /// It has no counterpart and needs none.
    case nowhere
  }

  /// As documented, with its class, as in `DatasetFeatures.stats`.
  package let name: String
  /// A line as the tool's users write it.
  package let example: String
  /// What it does, after the example.
  package let summary: String
  /// Its arguments in order: their names, and where they go here.
  let arguments: [(name: String, place: Place)]
  /// The parameters that indices in brackets go to, as in `activations['S1'][0:5]`.
  let items: [String]
  /// The member of a value that this attribute is here.
  let member: String?
  /// The calls that what it makes can itself be called as, as in `interface(slide)`.
  let instances: [String]
  /// The call that makes what this one must be given, where several calls of an object look alike.
  let maker: String?
  /// True if it changes what it is called on; here it makes a picture.
  let changesReceiver: Bool
  /// Arguments that the line needs besides those of the call, as in `index=0`.
  let added: [String]
  /// The line that comes nearest while no command claims it.
  package let nearest: String

  /// - Parameter arguments: `theirs=ours`, where ours is a parameter, `@` the subject, `>` a file for the result, or
  ///   nothing; a name alone is the same on both sides.
  package init(
    _ name: String, _ example: String, _ summary: String, arguments: [String] = [], items: [String] = [],
    member: String? = nil, instances: [String] = [], maker: String? = nil, changesReceiver: Bool = false,
    added: [String] = [], nearest: String = "help"
  ) {
    self.name = name
    self.example = example
    self.summary = summary
    self.arguments = arguments.map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let place: Place =
        switch parts.count > 1 ? parts[1] : parts[0] {
        case "@": .subject
        case ">": .file
        case "": .nowhere
        case let name: .parameter(name)
        }
      return (parts[0], place)
    }
    self.items = items
    self.member = member
    self.instances = instances
    self.maker = maker
    self.changesReceiver = changesReceiver
    self.added = added
    self.nearest = nearest
  }

  /// The class it belongs to; nil for a class itself.
  var owner: String? { name.lastIndex(of: ".").map { String(name[..<$0]) } }
  /// Its name without the class.
  var shortName: String { name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name }
}
