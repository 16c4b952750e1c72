/// Everything that is known about one command, written once.
///
/// It feeds parsing, checking, completion, inspection, `help` and the answers to habits from other tools.
package struct CommandDeclaration: Sendable {
  package let name: String
  /// The reference's names for this command, as in `DatasetFeatures.stats` or `generate_mosaic`.
  package let referenceNames: [String]
  /// Other words of the field for what it does, in small letters.
  package let synonyms: [String]
  /// The heading under which `help` lists it.
  package let topic: String
  /// One sentence.
  package let summary: String
  /// Further paragraphs of the manual page, Markdown.
  package let discussion: String
  /// What the command works on, when it works on a session value.
  package let subject: SubjectDeclaration?
  package let parameters: [ParameterDeclaration]
  /// The type of the value that the command makes; nil for commands that only show.
  package let result: ValueType?
  /// Complete statements that run.
  package let examples: [String]
  /// True if it makes files whose paths are not all given as output paths, so that a file missing now may exist
  /// by the time a later line runs.
  package let writesFiles: Bool
  /// True if the values given to it are forgotten (`drop`).
  package let forgetsValues: Bool

  package init(
    name: String, referenceNames: [String] = [], synonyms: [String] = [], topic: String, summary: String,
    discussion: String = "",
    subject: SubjectDeclaration? = nil, parameters: [ParameterDeclaration] = [], result: ValueType? = nil,
    examples: [String] = [], writesFiles: Bool = false, forgetsValues: Bool = false
  ) {
    self.name = name
    self.referenceNames = referenceNames
    self.synonyms = synonyms
    self.topic = topic
    self.summary = summary
    self.discussion = discussion
    self.subject = subject
    self.parameters = parameters
    self.result = result
    self.examples = examples
    self.writesFiles = writesFiles
    self.forgetsValues = forgetsValues
  }
}

/// The value that a command works on: its first positional argument, or the only value of the type.
package struct SubjectDeclaration: Sendable {
  /// The name the subject has in the manual and in `BoundArguments`, such as `features`.
  package let name: String
  /// The accepted types, or none for any type; the first is the one to look for when the subject is left out.
  package let types: [ValueType]
  /// Set when a path is accepted in its place (`features models/hpv.onnx`).
  package let path: PathRole?
  /// True where the command also works without one (then nothing is looked up when there is none).
  package let isOptional: Bool
  /// False where several values are accepted as a list (`label [m1, m2]`).
  package let acceptsList: Bool
  package let documentation: String

  package init(
    name: String, types: [ValueType], path: PathRole? = nil, isOptional: Bool = false, acceptsList: Bool = false,
    documentation: String
  ) {
    self.name = name
    self.types = types
    self.path = path
    self.isOptional = isOptional
    self.acceptsList = acceptsList
    self.documentation = documentation
  }
}

/// One parameter of a command.
package struct ParameterDeclaration: Sendable {
  package let name: String
  package let type: ParameterType
  /// True if the parameter may also stand without its name, in the order of declaration (after the subject).
  package let isPositional: Bool
  package let isRequired: Bool
  /// The default as it would be written, shown in the manual; nil when leaving it out means something else.
  package let defaultText: String?
  /// Such as `µm` or `px`.
  package let unit: String?
  package let documentation: String
  /// The reference's names for the parameter where they differ, and other words that people use for it.
  package let referenceNames: [String]
  /// Conditions without which the parameter changes nothing; giving it then is an error.
  package let effects: [ParameterEffect]
  /// Those of them that hold for every parameter of the group that it is declared in, which the manual says once.
  package let groupEffects: [ParameterEffect]
  /// The value that is meant when it is left out; nil where leaving it out means going without. With it, `none` may be
  /// given to go without.
  package let implication: Implication?
  /// True if a value of another project may be given than the one that is worked on.
  package let acrossProjects: Bool

  package init(
    _ name: String, _ type: ParameterType, positional: Bool = false, required: Bool = false,
    default defaultText: String? = nil, unit: String? = nil, referenceNames: [String] = [],
    groupEffects: [ParameterEffect] = [], effects: [ParameterEffect] = [], implies implication: Implication? = nil,
    acrossProjects: Bool = false,
    _ documentation: String
  ) {
    self.name = name
    self.type = type
    self.isPositional = positional
    self.isRequired = required
    self.defaultText = defaultText
    self.unit = unit
    self.referenceNames = referenceNames
    self.groupEffects = groupEffects
    self.effects = groupEffects + effects
    self.implication = implication
    self.acrossProjects = acrossProjects
    self.documentation = documentation
  }
}

extension ParameterDeclaration {
  /// Its conditions besides those of its group.
  var ownEffects: [ParameterEffect] { Array(effects.dropFirst(groupEffects.count)) }
}

/// When a parameter has an effect.
package enum ParameterEffect: Sendable, Equatable {
  /// With another parameter at one of some values, given or by default; at any value given if there are none.
  case with(String, values: [String])
  /// Only while another parameter is left out, or is `false` or `none`.
  case without(String)
  /// On subjects of some types.
  case on([ValueType])
}
