extension LanguageError: CustomStringConvertible {
  package var description: String { sentence }

  /// One sentence that says what is wrong, to be read aloud.
  package var sentence: String {
    switch self {
    case .statementExpected(let found): "A line begins with a command or a name, not with \(Self.code(found))."
    case .commandExpectedAfterEquals: "A command is expected after `=`."
    case .dottedTarget(let name, _): "A value cannot be put into another one, so \(Self.code(name)) cannot be bound."
    case .nameExpectedAfterDot(let before): "A name is expected after the dot in \(Self.code(before + "."))."
    case .textAfterHelp: "Nothing can follow the question mark."
    case .nameForHelp: "A manual page is shown, and cannot be given a name."
    case .secondStatement: "One line holds one statement, and `;` ends it."
    case .blankExpected(let next, _): "A blank is expected before \(Self.code(next))."
    case .unexpected(let found):
      ")]}".contains(found)
        ? "Nothing is open here that \(Self.code(found)) could close."
        : "\(found == "`" ? "A backtick" : Self.code(found)) means nothing outside quotes."
    case .comma: "Arguments are separated by blanks, not by commas."
    case .dollar: "There are no variables with `$`; a value is called by its bare name."
    case .pipe: "There are no pipes; a result is given a name and used on the next line."
    case .call(let head): "\(Self.code(head)) is written without parentheses here."
    case .secondTarget: "A result is given one name at a time."
    case .severalValues: "Several values of a column stand in brackets."
    case .doubleEquals: "Names and parameters are written with one `=`."
    case .block: "There are no loops and blocks; a list draws a panel for each of its items."
    case .controlCharacter(let value):
      "There is an invisible control character here (U+\(Self.hex(value)))."
    case .unseenScalar(let value): Self.unseenSentence(value)
    case .strayContinuation: "A `\\` continues a line only where nothing follows it."
    case .typographicQuote: "Text is quoted with straight quotes."
    case .unclosedQuote: "The quote that is opened here is not closed on this line."
    case .unknownEscape(let escape): "There is no escape \(Self.code(escape))."
    case .unclosedBracket(let open, _): "The \(Self.code(open)) that is opened here is not closed."
    case .missingComma(let before, let after):
      "A comma is missing between \(Self.code(before)) and \(Self.code(after))."
    case .missingItem: "An item is missing before the comma."
    case .nestedMap: "A map holds values and lists, and no other map."
    case .nestedList: "Lists and maps cannot stand inside a list."
    case .missingColon(let key): "A colon is expected after \(Self.code(Self.pair(from: key).key))."
    case .missingMapKey: "A name is expected before the colon."
    case .mapInBrackets: "A map is written in braces."
    case .indexing: "Brackets hold a list here; no item of a value can be asked for with them."
    case .missingMapValue(let key): "\(Self.code(key)) has no value."
    case .missingValue(let parameter): "\(Self.code(parameter)) has no value."

    case .unknownHead(let name, let nearest):
      "There is no command and no value \(Self.code(name))" + (nearest == nil ? "; `help` lists the commands." : ".")
    case .unknownCommand(let name, let nearest):
      "There is no command \(Self.code(name))" + (nearest == nil ? "; `help` lists the commands." : ".")
    case .synonym(let word, let command, _):
      "There is no command \(Self.code(word)); the nearest is `\(command)`."
    case .unknownValue(let name, let nearest, let known):
      "There is no value \(Self.code(name))"
        + (nearest != nil
          ? "." : known.isEmpty ? "; the session has none with a name." : "; there is \(Self.enumerate(known)).")
    case .nameNotValue(let name, let noun, let command):
      "\(Self.code(name)) is \(Self.article(noun)) \(noun), and `\(command)` takes it by a parameter's name."
    case .unknownValueOrFile(let word, _): "There is no file and no value \(Self.code(word))."
    case .helpOnValue(let name):
      "\(Self.code(name)) is a value of the session and not a command; its name alone shows it."
    case .helpOnParameter(let name, let commands):
      "\(Self.code(name)) is not a command but a parameter of \(Self.enumerate(commands))."
    case .fileNotName(let word, let noun):
      "\(Self.code(word)) reads as the name of \(Self.article(noun)) \(noun); a file is written with its folder."
    case .fileOfThatName(let word, let isFolder): Self.fileSentence(word: word, isFolder: isFolder)
    case .madeLater(let name, let line): "\(Self.clip(name)) is made on line \(line), after it is used."
    case .madeBefore(let name, let statements, let isStored, let ending):
      Self.pastSentence(name, count: statements.count, isStored: isStored, ending)
    case .commandAsTarget(let name, _): "\(Self.code(name)) is a command and cannot name a value."
    case .commandAsValue(let name): "\(Self.code(name)) is a command, and a value is expected here."
    case .argumentsToValue(let name, _): "\(Self.code(name)) is a value, and only commands take arguments."
    case .nameForNothing(let name, let command, _):
      "`\(command)` gives no value that \(Self.code(name)) could name."
    case .unknownMember(let member, let value, let members, _):
      "\(Self.code(value)) has no \(Self.code(member))"
        + (members.isEmpty ? "." : "; it has \(Self.enumerate(members)).")

    case .noSubject(let command, let phrase, _):
      "`\(command)` works on \(phrase), and there \(phrase.hasPrefix("a ") || phrase.hasPrefix("an ") ? "is" : "are") none yet."
    case .severalSubjects(let command, let phrase, let names, _):
      "`\(command)` works on \(phrase), and there are \(Self.count(names.count)): \(Self.listed(names))."
    case .unfitSubject(let command, let phrase, let name, let type, _):
      "`\(command)` works on \(phrase), and \(Self.code(name)) \(Self.being(type))."
    case .subjectIsText(let command, let phrase, let found, _):
      "`\(command)` works on \(phrase), and \(Self.code(found)) is not the name of a value."
    case .subjectIsList(let command, _): "`\(command)` works on one value at a time."

    case .unknownParameter(let name, let command, _, let all):
      "`\(command)` has no parameter \(Self.code(name))"
        + (all.isEmpty ? "; it has none at all." : all.count <= 6 ? "; it has \(Self.enumerate(all))." : ".")
    case .givenTwice(let name, _), .columnGivenTwice(let name, _): "\(Self.code(name)) is given twice."
    case .repeatedItem(let item, _): "\(Self.code(item)) is in the list twice."
    case .empty(let name, let noun, _): "The \(noun) given for \(Self.code(name)) is empty."
    case .missingParameter(let name, let command, _): "`\(command)` needs \(Self.code(name))."
    case .tooManyArguments(let command, let found, _):
      "`\(command)` has no use for \(Self.code(found)) without a parameter's name."
    case .positionalAfterNamed(let text, _):
      "\(Self.code(text)) stands behind a named argument; a text with blanks is quoted, other values come first."
    case .option(let option, _):
      "\(Self.code(option)) is an option of a shell; here a parameter is written `name=value`."
    case .parameterIsPositional(let name, _): "\(Self.code(name)) is given twice, once without its name."
    case .noEffectWithout(let name, let parameter, let values, _):
      "\(Self.code(name)) has no effect without "
        + (values.isEmpty ? Self.code(parameter) : Self.enumerate(values.map { "`\(parameter)=\($0)`" }, last: "or"))
        + "."
    case .noEffectBeside(let name, let parameter, _):
      "\(Self.code(name)) has no effect beside \(Self.code(parameter))."
    case .noEffectOn(let name, let phrase, let value, let type, _):
      "\(Self.code(name)) has an effect only on \(phrase), and \(Self.code(value)) \(Self.being(type))."
    case .partDropped(let part, let whole):
      "Only whole values are dropped, and \(Self.code(part)) is a part of \(Self.code(whole))."
    case .emptySlot(let type, _): "There is no unnamed \(type)."
    case .severalImplied(let parameter, let phrase, let names, _):
      "\(Self.code(parameter)) takes \(phrase), and there are \(Self.count(names.count)): \(Self.listed(names))."
    case .otherProject(let name, let project, let beside, let of, _):
      "\(Self.code(name)) belongs to the project \(Self.clip(project)), and \(Self.code(beside)) to \(Self.clip(of))."
    case .projectNotOpen(let name, let project, let open, _):
      "\(Self.code(name)) belongs to the project \(Self.clip(project)), and open \(open.count == 1 ? "is" : "are") "
        + "\(Self.enumerate(open))."

    case .unfit(let parameter, let expected, let found, _, let isItem):
      "\(isItem ? "Each item of " : "")\(Self.code(parameter)) is \(expected), and \(Self.code(found)) is not."
    case .magnificationWritten(let found, let instead):
      "A magnification is written \(Self.code(instead)), without quotes and blanks, and not \(Self.code(found))."
    case .outOfRange(let parameter, let found, let low, let high, let unit):
      Self.rangeSentence(parameter: parameter, found: found, low: low, high: high, unit: unit)
    case .notAChoice(let parameter, let found, let choices, _):
      "\(Self.code(parameter)) is \(Self.enumerate(choices, last: "or")), not \(Self.code(found))."
    case .unfitValue(let parameter, let phrase, let name, let type, _):
      "\(Self.code(parameter)) takes \(phrase), and \(Self.code(name)) \(Self.being(type))."
    case .unitIsKnown(let parameter, let unit, _): "\(parameter) is in \(unit) already."
    case .blanksInRange: "A range is written without blanks."
    case .dashInRange(let range, let instead):
      "The range \(Self.code(range)) is written \(Self.code(instead)) with its last number, and with `..<` without it."
    case .blanksInPath: "A path with a blank is written in quotes."
    case .colonInRange: "A range is written with `..<`."
    case .backwardsRange(let range, _): "The range \(Self.code(range)) holds nothing."
    case .rangeBelowZero(let range, let lower, _):
      "A range begins at 0 or later, and \(Self.code(range)) begins at \(lower)."
    case .unknownName(let name, let noun, let known, _):
      Self.nameSentence(name, noun: noun, known: known)
    case .unknownCategory(let name, let column, let known, _):
      Self.categorySentence(name: name, column: column, known: known)
    case .comparison(let text, _): "Only exact values match, and \(Self.code(text)) is a comparison."
    case .conditionForm(let text, _):
      "A condition is a column, a colon and what is asked of it, and \(Self.code(text)) is written otherwise."
    case .keyWithColon(let key, _): "A key that has a colon in it, as \(Self.code(key)), is quoted."
    case .severalComparisons(let column, _):
      "Whether one of the comparisons of \(Self.clip(column)) is to hold or all of them is not said; values between two "
        + "bounds are a range such as 1...5."
    case .comparisonOfText(let text): "Numbers are compared, and \(Self.code(text)) names none."
    case .unknownIndex(let index, let noun, let count, _), .rangeBeyond(let index, let noun, let count, _):
      count == 0
        ? "There are no \(noun)s here." : "There is no \(noun) \(index); they are numbered 0 to \(count - 1)."
    case .unknownTile(let slide, _, let count):
      count == 0
        ? "\(Self.clip(slide)) has no tiles." : "\(Self.clip(slide)) has \(count) tiles, numbered 0 to \(count - 1)."
    case .severalLayers(let index, _): "There are several layers, so feature \(index) needs the layer's name."

    case .missingFile(let path, _): "There is no file \(Self.code(path))."
    case .otherHome(let path, _):
      "There is no user \(Self.code(String(path.dropFirst().prefix { $0 != "/" }))); your home folder is `~/`."
    case .missingFolder(let path, _): "There is no folder \(Self.code(path))."
    case .pathPattern: "There are no patterns with `*`; a path names one file."
    case .folderNotFile(let path, _): "\(Self.code(path)) is a folder, and a file is expected."
    case .folderWithout(let path, let members, let allowed):
      "\(Self.code(path)) is a folder without \(Self.enumerate(members.map(Self.code), last: "or")); a folder with such a file is "
        + "expected, or a file that "
        + "ends in \(Self.enumerate(allowed.map { "." + $0 }, last: "or"))."
    case .fileNotFolder(let path, _): "\(Self.code(path)) is a file, and a folder is expected."
    case .unfitExtension(let path, let allowed):
      "\(Self.code(path)) should end in \(Self.enumerate(allowed.map { "." + $0 }, last: "or"))."
    case .unreadableExtension(let path, let allowed, _):
      "Only files that end in \(Self.enumerate(allowed.map { "." + $0 }, last: "or")) are read here, and \(Self.code(path)) does not end so."

    case .habit(let sentence, _): sentence
    case .failed(let message, _): Self.legible(message)
    case .crashed(let command, let description): "`\(command)` failed: \(Self.legible(description))"
    case .interrupted(let command): "`\(command)` was interrupted."
    }
  }

  /// What to type instead; nil where nothing better than the sentence can be said.
  package var remedy: String? {
    switch self {
    case .statementExpected, .unknownEscape, .unexpected, .controlCharacter, .unseenScalar, .strayContinuation:
      remedyForWriting
    case .commandExpectedAfterEquals(let target): "\(target) = COMMAND"
    case .dottedTarget(let name, let rest): String(name.split(separator: ".").last ?? "x") + " = " + Self.clip(rest)
    case .nameExpectedAfterDot(let before): Self.clip(before)
    case .textAfterHelp(let page), .nameForHelp(let page): Self.clip(page)
    case .secondStatement: nil
    case .blankExpected(_, let instead): Self.clip(instead)
    case .dollar(let word): Self.clip(String(word.drop { $0 == "$" }))
    case .pipe: "m = COMMAND"
    case .call(let head): Self.clip(head) + " key=value"
    case .doubleEquals(let instead), .severalValues(let instead): Self.clip(instead)
    case .comma(let instead): instead.isEmpty ? nil : Self.clip(instead)
    case .secondTarget(let instead): Self.legible(instead)
    case .block: nil
    case .typographicQuote(let text): text.map(Self.clip)
    case .unclosedQuote(let closed): Self.clip(closed)
    case .unclosedBracket(_, let instead): instead
    case .missingComma(let before, let after): Self.clip("\(before), \(after)")
    case .missingItem, .nestedList: nil
    case .nestedMap(let key): Self.clip(key) + ": [VALUE]"
    case .missingColon(let key): Self.clip(Self.pair(from: key).key + ": " + Self.pair(from: key).value)
    case .missingMapKey: "{COLUMN: VALUE}"
    case .mapInBrackets(let instead), .indexing(let instead): Self.clip(instead)
    case .missingMapValue(let key): Self.clip(key) + ": VALUE"
    case .missingValue(let parameter): parameter + "=VALUE"

    case .unknownHead(_, let nearest), .unknownCommand(_, let nearest), .synonym(_, _, let nearest):
      nearest.map(Self.clip)
    case .unknownValue(_, let nearest, _): nearest
    case .unknownValueOrFile(_, let nearest): nearest
    case .helpOnValue(let name): name
    case .helpOnParameter(_, let commands): commands.first.map { "help " + $0 }
    case .fileNotName(let word, _): "./" + Self.clip(word)
    case .fileOfThatName(let word, let isFolder): "./" + Self.clip(word) + (isFolder ? "/FILE" : "")
    case .madeLater: nil
    // To be run as it stands, so it is not cut.
    case .madeBefore(_, let statements, _, _): Self.legible(statements.joined(separator: "\n"))
    case .commandAsTarget(_, let instead): instead.map(Self.clip)
    case .commandAsValue: nil
    case .argumentsToValue(let name, let instead): Self.clip(instead ?? name)
    case .nameForNothing(_, _, let instead): Self.clip(instead)
    case .unknownMember(_, _, _, let instead?): Self.clip(instead)
    case .unknownMember(let member, let value, let members, nil):
      NearestName.nearest(to: member, in: members).map { value + "." + $0 } ?? value

    case .noSubject(let command, _, let maker): maker ?? "\(command)?"
    case .severalSubjects(_, _, _, let instead): Self.legible(instead)
    case .severalImplied(_, _, _, let instead), .otherProject(_, _, _, _, let instead),
      .projectNotOpen(_, _, _, let instead):
      Self.clip(instead)
    case .emptySlot(_, let named): named
    case .unfitSubject(let command, _, _, _, let instead): instead.map(Self.clip) ?? "\(command)?"
    case .subjectIsText(let command, _, _, let instead): instead.map(Self.clip) ?? "\(command)?"
    case .subjectIsList(_, let instead): instead.map(Self.clip)

    case .unknownParameter(_, let command, let nearest, _): nearest.map(Self.clip) ?? "\(command)?"
    case .givenTwice(_, let instead), .parameterIsPositional(_, let instead), .repeatedItem(_, let instead):
      instead.map(Self.clip)
    case .missingParameter(_, _, let usage), .tooManyArguments(_, _, let usage): usage
    case .positionalAfterNamed(_, let instead): Self.clip(instead)
    case .option(let option, let instead):
      instead.map(Self.clip) ?? Self.clip(String(option.drop { $0 == "-" })) + "=VALUE"
    case .columnGivenTwice(_, let instead), .empty(_, _, let instead),
      .noEffectWithout(_, _, _, let instead), .noEffectBeside(_, _, let instead), .noEffectOn(_, _, _, _, let instead):
      Self.clip(instead)
    case .partDropped(_, let whole): Self.clip(whole)
    case .unfit(_, _, _, let instead, _): instead.map(Self.clip)
    default: remedyForArguments
    }
  }

  private var remedyForWriting: String? {
    switch self {
    case .statementExpected(let found):
      found.hasPrefix("?") && WordReading.isName(String(found.dropFirst())) ? String(found.dropFirst()) + "?" : nil
    default: nil
    }
  }

  private var remedyForArguments: String? {
    switch self {
    case .outOfRange(_, let found, let low, let high, _): Self.nearestBound(to: found, low: low, high: high)
    case .notAChoice(_, _, _, let nearest): nearest
    case .unfitValue(_, _, _, _, let instead): instead
    case .dashInRange(_, let instead), .magnificationWritten(_, let instead): instead
    case .otherHome(_, let instead): instead.map(Self.clip)
    case .unitIsKnown(_, _, let number): number
    case .blanksInRange(let range), .colonInRange(let range), .blanksInPath(let range): Self.clip(range)
    case .backwardsRange(_, let instead), .rangeBelowZero(_, _, let instead): instead
    case .comparison(_, let instead): instead.map(Self.clip)
    case .conditionForm(_, let instead), .keyWithColon(_, let instead): Self.clip(instead)
    case .severalComparisons(_, let instead): instead
    case .unreadableExtension(_, _, let nearest): nearest.map(Self.clip)
    case .unknownName(_, _, _, let nearest), .unknownCategory(_, _, _, let nearest):
      nearest.map(ScalarSyntax.spelling)
    case .unknownIndex(_, _, let count, let prefix): count == 0 ? nil : prefix + String(count - 1)
    case .rangeBeyond(_, _, let count, let instead): count == 0 ? nil : instead
    case .unknownTile(let slide, _, let count): count == 0 ? nil : Self.clip(slide) + ":\(count - 1)"
    case .severalLayers(let index, let layers): "feature:\(layers.first ?? "LAYER")/\(index)"
    case .missingFile(_, let nearest), .missingFolder(_, let nearest): nearest
    case .pathPattern(let instead): instead
    case .folderNotFile(let path, let instead):
      instead ?? Self.clip(ScalarSyntax.spelling(of: path + "/FILE"))
    case .folderWithout(let path, _, _): Self.clip(ScalarSyntax.spelling(of: path + "/FILE"))
    case .fileNotFolder(_, let instead?): Self.clip(instead)
    case .fileNotFolder(let path, nil):
      path.lastIndex(of: "/").map { Self.clip(ScalarSyntax.spelling(of: String(path[..<$0]))) } ?? "."
    case .unfitExtension(let path, let allowed): Self.clip(Self.withExtension(path, allowed))
    case .habit(_, let instead): instead
    case .failed(_, let remedy): remedy
    default: nil
    }
  }

  /// What helps that is no text of the language; nil where a text to type says it, or nothing does.
  package var advice: String? {
    switch self {
    case .secondStatement(let second): "\(Self.clip(second)) on a line of its own"
    case .missingItem: "one comma between two items"
    case .madeLater(_, let line): "put line \(line) first"
    case .commandAsValue(let name): "give its result a name, as in x = \(name), and use the name"
    case .unknownEscape: #"\\ \" \n \t \u{e9} are those there are; in single quotes a \ stands for itself"#
    case .unexpected(let found):
      ")]}".contains(found) ? "leave it out" : "put it in quotes, if it belongs to a text"
    case .unseenScalar(let value): Self.isBlankScalar(value) ? "type a plain space" : "leave it out"
    case .strayContinuation: "put the `\\` at the very end of the line"
    case .controlCharacter: "leave it out"
    case .typographicQuote(nil): "type the quotes of a keyboard, \" \""
    case .comparison(_, nil): "list the values themselves, as in [a, b]"
    case .interrupted: "run the same line again; it goes on from there"
    default: nil
    }
  }
}
