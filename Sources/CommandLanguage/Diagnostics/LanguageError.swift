/// Everything that can be wrong with a statement. The sentences are made in `LanguageError+Wording.swift`.
package enum LanguageError: Error, Sendable, Equatable {
  // MARK: Writing

  case statementExpected(found: String)
  case commandExpectedAfterEquals(target: String)
  case dottedTarget(String, rest: String)
  case nameExpectedAfterDot(before: String)
  case textAfterHelp(page: String)
  case nameForHelp(page: String)
  case secondStatement(String)
  case blankExpected(before: String, instead: String)
  case unexpected(String)
  case comma(instead: String)
  case dollar(String)
  case pipe
  case call(String)
  case doubleEquals(instead: String)
  case secondTarget(instead: String)
  case severalValues(instead: String)
  case block(String)
  case controlCharacter(UInt32)
  case unseenScalar(UInt32)
  case strayContinuation
  case typographicQuote(straightened: String?)
  case unclosedQuote(closed: String)
  case unknownEscape(String)
  case unclosedBracket(String, instead: String)
  case missingComma(before: String, after: String)
  case missingItem
  case nestedList
  case nestedMap(key: String)
  case missingColon(key: String)
  case missingMapKey
  case mapInBrackets(instead: String)
  case indexing(String)
  case missingMapValue(key: String)
  case missingValue(parameter: String)

  // MARK: Names

  case unknownHead(String, nearest: String?)
  case unknownCommand(String, nearest: String?)
  /// A word of the field for what a command of another name does.
  case synonym(String, command: String, instead: String?)
  case unknownValue(String, nearest: String?, known: [String])
  /// The name of something that a value knows, in the place of a value.
  case nameNotValue(String, noun: String, command: String)
  case unknownValueOrFile(String, nearest: String?)
  case helpOnValue(String)
  case helpOnParameter(String, commands: [String])
  /// A bare word is a name, and only a file has this one.
  case fileNotName(String, noun: String)
  case fileOfThatName(word: String, isFolder: Bool)
  case madeLater(String, line: Int)
  case madeBefore(String, statements: [String], isStored: Bool, ending: PastStatement.Ending)
  case commandAsTarget(String, instead: String?)
  case commandAsValue(String)
  case argumentsToValue(String, instead: String?)
  case nameForNothing(String, command: String, instead: String)
  /// A command in the place of a member is to come first, as in the statement given.
  case unknownMember(String, of: String, members: [String], instead: String? = nil)

  // MARK: Subjects

  case noSubject(command: String, phrase: String, maker: String?)
  case severalSubjects(command: String, phrase: String, names: [String], instead: String)
  case unfitSubject(command: String, phrase: String, name: String, type: String, instead: String?)
  case subjectIsText(command: String, phrase: String, found: String, instead: String?)
  case subjectIsList(command: String, instead: String?)

  // MARK: Parameters

  case unknownParameter(String, command: String, nearest: String?, all: [String])
  case givenTwice(String, instead: String?)
  case columnGivenTwice(String, instead: String)
  case repeatedItem(String, instead: String?)
  case empty(String, noun: String, instead: String)
  case missingParameter(String, command: String, usage: String)
  case tooManyArguments(command: String, found: String, usage: String)
  case positionalAfterNamed(String, instead: String)
  case option(String, instead: String?)
  case parameterIsPositional(String, instead: String?)
  case noEffectWithout(String, parameter: String, values: [String], instead: String)
  case noEffectBeside(String, parameter: String, instead: String)
  case noEffectOn(String, phrase: String, name: String, type: String, instead: String)
  case partDropped(String, whole: String)
  case emptySlot(type: String, named: String?)
  case severalImplied(parameter: String, phrase: String, names: [String], instead: String)
  case otherProject(String, project: String, beside: String, of: String, instead: String)
  case projectNotOpen(name: String, project: String, open: [String], instead: String)

  // MARK: Arguments

  case unfit(parameter: String, expected: String, found: String, instead: String?, isItem: Bool = false)
  /// `"20x"`, `20×` or `20 x`.
  case magnificationWritten(String, instead: String)
  case outOfRange(parameter: String, found: String, low: String?, high: String?, unit: String?)
  case notAChoice(parameter: String, found: String, choices: [String], nearest: String?)
  case unfitValue(parameter: String, phrase: String, name: String, type: String, instead: String?)
  case unitIsKnown(parameter: String, unit: String, number: String)
  case blanksInRange(String)
  /// `10-19`, of which the last is meant too.
  case dashInRange(String, instead: String)
  case blanksInPath(String)
  case colonInRange(String)
  case backwardsRange(String, instead: String?)
  case rangeBelowZero(String, lower: Int, instead: String?)
  case unknownName(String, noun: String, known: [String], nearest: String?)
  case unknownCategory(String, column: String, known: [CountedName], nearest: String?)
  /// What stands before the index, as in `feature:`, is kept.
  case unknownIndex(Int, noun: String, count: Int, prefix: String = "")
  case rangeBeyond(Int, noun: String, count: Int, instead: String)
  /// Without a better answer, the values themselves are asked for.
  case comparison(String, instead: String?)
  /// `age > 60` where conditions are, which have a colon behind the column.
  case conditionForm(String, instead: String)
  /// A key that is read as ending at its first colon.
  case keyWithColon(String, instead: String)
  case comparisonOfText(String)
  case severalComparisons(String, instead: String?)
  case unknownTile(slide: String, index: Int, count: Int)
  case severalLayers(String, layers: [String])

  // MARK: Files

  case missingFile(String, nearest: String?)
  /// The home of another user, or of none.
  case otherHome(String, instead: String?)
  case missingFolder(String, nearest: String?)
  case pathPattern(instead: String?)
  case folderNotFile(String, instead: String?)
  /// Neither a file nor a folder with that file in it.
  case folderWithout(String, members: [String], allowed: [String])
  case fileNotFolder(String, instead: String?)
  case unfitExtension(String, allowed: [String])
  case unreadableExtension(String, allowed: [String], nearest: String?)

  // MARK: Habits and running

  case habit(sentence: String, instead: String?)
  case failed(message: String, remedy: String?)
  case crashed(command: String, description: String)
  case interrupted(command: String)

  /// A name and how often it occurs, where that is known.
  package struct CountedName: Sendable, Equatable {
    package let name: String
    package let count: Int?
  }
}

extension LanguageError {
  /// True if the statement is written right, and only a name or a file that it speaks of is not there.
  var isAboutExistence: Bool {
    switch self {
    case .unknownValue, .unknownValueOrFile, .unknownHead, .madeLater, .madeBefore, .noSubject, .severalSubjects,
      .severalImplied, .otherProject, .projectNotOpen, .emptySlot,
      .unknownName, .unknownCategory, .unknownIndex, .unknownTile, .missingFile, .missingFolder:
      true
    default: false
    }
  }

  /// True for what is written as elsewhere, so that the whole line is better written anew than mended in places.
  var isHabit: Bool {
    switch self {
    case .option, .typographicQuote, .comma, .pipe, .secondStatement, .blankExpected: true
    default: false
    }
  }
}
