/// How the words given for a parameter are read. There is no fallback: what does not fit is an error.
package indirect enum ParameterType: Sendable, Hashable {
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case boolean
  /// Any word or quoted text, kept as spelled.
  case text
  /// One of the words given.
  case choice([String])
  /// One of the words given, or another with a number behind a colon: `top:20`.
  case choiceOrCount([String], counted: String, ClosedRange<Int>)
  case path(PathRole)
  /// `SLIDE:INDEX`, split at the last ":".
  case tile
  /// A session value of one of these types, or of any type if there are none.
  case value([ValueType])
  /// A session value by its name, or the unnamed one of a type by the type's name.
  case valueOrSlot
  /// A bare word is a session value; a word with `/`, or quoted text, is a path.
  case valueOrPath([ValueType], PathRole)
  /// A bare word is a session value if one of that name has a fitting type, otherwise a name of the kind.
  case valueOrName([ValueType], NameKind)
  /// A bare word is a session value that stands for a name of the kind (a slide), otherwise a name; a word with `/`, or
  /// quoted text, is a path.
  case nameOrPath(NameKind, PathRole)
  /// A name that the subject knows: a column, a slide, a layer, an outcome; or a session value that stands for one.
  case name(NameKind)
  /// An index or a name of the kind (a class or a logit, by number or name).
  case indexOrName(NameKind)
  /// What a view shows: a column, a session value that stands for one (labels), `feature:497`, `feature:layer/497`,
  /// `logit:1`, `prediction`, `prediction:msi`, `slide`, …
  case quantity
  /// What tiles are ranked by: `feature:497`, `logit:1`, or a number that they came with.
  case measure
  /// `0..<100` or `0...99`.
  case range
  /// A share of values, `p0` to `p100`; kept as spelled.
  case percentile
  /// A microns number (`302`) or a magnification (`20x`).
  case microns
  /// `[a, b]`; a single item stands for a list of one.
  case list(ParameterType)
  /// `{column: [a, b]}`: keys are names of the kind, values are names of `NameKind.category(of: key)`.
  case categoriesByColumn
  /// `{name: 0.25}`: keys are names of the kind.
  case numbersByName(NameKind, ClosedRange<Double>)
  /// `{name: A, other: >0.5}`: keys are names of the kind, and what is asked of each is one or several values, comparisons
  /// or ranges.
  case conditionsByName(NameKind)
  /// `{site: A, "feature:497": >1.2}`: keys are what a view shows, and what is asked of each is as in `conditionsByName`.
  case conditionsByQuantity
  /// `feature:497>1.2`: one of these in a word.
  case comparison
  /// `{A: red}`: a text for each of some names, which are not looked up; both are written in small letters in the manual.
  case textsByName(key: String, text: String)
  /// A name of the kind to sort by, with a `-` before it from high to low.
  case sortKey(NameKind)
  /// `{layer3: 0..<64}`: keys are names of the kind.
  case rangesByName(NameKind)
  /// The word `none` besides the other type.
  case optional(ParameterType)
  /// The first that fits.
  case either([ParameterType])
}

/// The kind of a session value. The language itself knows no kinds; the registry declares them.
package struct ValueType: Sendable, Hashable {
  /// As in `Features`.
  package let name: String
  package init(_ name: String) { self.name = name }
}

/// A kind of name that can be looked up in what is known of a value.
package struct NameKind: Sendable, Hashable {
  /// The key in `KnownNames`.
  package let key: String
  /// In a sentence, such as "column" or "slide".
  package let noun: String
  package init(key: String, noun: String) {
    self.key = key
    self.noun = noun
  }

  package static let column = NameKind(key: "column", noun: "column")
  /// Of the table that a command answers with, or of what its rows can be joined with.
  package static let tableColumn = NameKind(key: "table column", noun: "column")
  package static let slide = NameKind(key: "slide", noun: "slide")
  package static let layer = NameKind(key: "layer", noun: "layer")
  /// Numbers of tiles besides features and logits.
  package static let quantity = NameKind(key: "quantity", noun: "number of tiles")
  package static let outcome = NameKind(key: "outcome", noun: "outcome")
  /// Folders in which relative paths are looked for besides the working folder.
  package static let folder = NameKind(key: "folder", noun: "folder")
  package static let command = NameKind(key: "command", noun: "command")
  /// The folder of the project that a value belongs to, without links.
  package static let project = NameKind(key: "project", noun: "project")
  /// The folder in which results made from a value are kept.
  package static let store = NameKind(key: "store", noun: "folder")
  static let categoryPrefix = "category:"
  /// The values that occur in a column of the annotations.
  package static func category(of column: String) -> NameKind {
    NameKind(key: categoryPrefix + column, noun: "value of \(column)")
  }
}

/// What a path is for, so that it can be checked and completed.
package enum PathRole: Sendable, Hashable {
  case existingFile(extensions: [String])
  /// A file, or a folder that holds one of those names, or a name behind one of some schemes. Other endings, and folders
  /// with a file of one of those names, are let through where what is wrong is said by the one who reads it.
  case existingFileOrFolder(extensions: [String], holding: [String], explained: [String], schemes: [String])
  case existingDirectory
  /// A folder that need not exist where the parameter of that name is given as `true`.
  case directory(newWith: String)
  case existing
  /// To be written; its folder must exist or can be made.
  case output(extensions: [String])
  /// To be written: a file with one of the extensions, as far as what the command works on is saved to such, or a folder,
  /// which has none.
  case outputOrFolder(extensions: [String])

  /// A file in a folder counts as one.
  var plain: PathRole? {
    switch self {
    case .existingFileOrFolder(let extensions, _, _, _): .existingFile(extensions: extensions)
    default: self
    }
  }

  /// Of files that are to be written; nil where none is.
  var outputExtensions: [String]? {
    switch self {
    case .output(let extensions), .outputOrFolder(let extensions): extensions
    case .existingFile, .existingFileOrFolder, .existingDirectory, .directory, .existing: nil
    }
  }
}

/// The names that are valid on a value, known before anything runs: columns, slides, layers, outcomes.
package struct KnownNames: Sendable, Equatable {
  /// By `NameKind.key`. A kind that is absent is not known, and is not checked.
  package var names: [String: [String]]
  /// How often each name occurs, by `NameKind.key`, where that is worth saying ("positive (61)").
  package var counts: [String: [String: Int]]
  /// Column widths: how many features, logits, so that `feature:497` can be checked; keys "features", "logits".
  package var widths: [String: Int]
  /// Keys of names that a peek found in the arguments, and that hold although the subject has others of the kind.
  package var overridingKeys: Set<String> = []
  /// Parameters that the value settles for commands that work on it, such as the outcomes that features were made with.
  package var settled: Set<String> = []
  /// True of a value that is not there yet, and may have numbers of tiles by names that are not known.
  package var mayHaveQuantities = false
  /// Statements of earlier sessions in the journal of a project's store, by the name of what they made.
  package var past: [String: PastStatement]

  package init(
    names: [String: [String]] = [:], counts: [String: [String: Int]] = [:], widths: [String: Int] = [:],
    past: [String: PastStatement] = [:]
  ) {
    self.names = names
    self.counts = counts
    self.widths = widths
    self.past = past
  }

  package func names(of kind: NameKind) -> [String]? { names[kind.key] }

  /// What can be looked at besides columns, features and logits; clusters, uncertainty and regions only where they are
  /// known.
  var specialQuantities: [String] {
    ["prediction"] + (widths["clusters"] == nil ? [] : ["cluster"])
      + (widths["uncertainty"] == nil ? [] : ["uncertainty"]) + ["slide"]
      + (widths["regions"] == nil ? [] : ["region"]) + (names(of: .quantity) ?? [])
  }

  /// These, overridden by the other's.
  package func merging(_ other: KnownNames) -> KnownNames {
    var merged = KnownNames(
      names: names.merging(other.names) { $1 }, counts: counts.merging(other.counts) { $1 },
      widths: widths.merging(other.widths) { $1 },
      // Nearly always that of one project.
      past: past.isEmpty ? other.past : other.past.isEmpty ? past : past.merging(other.past) { $1 })
    merged.settled = settled.union(other.settled)
    merged.mayHaveQuantities = mayHaveQuantities || other.mayHaveQuantities
    return merged
  }

  /// These, but for what the other's `overridingKeys` name.
  func overridden(by other: KnownNames?) -> KnownNames {
    guard let other else { return self }
    var result = self
    for key in other.overridingKeys {
      result.names[key] = other.names[key]
      result.counts[key] = other.counts[key]
    }
    return result
  }
}
