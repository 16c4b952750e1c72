/// Numbers, within their bounds.
extension ArgumentReader {
  func integer(
    _ scalar: ScalarSyntax, in bounds: ClosedRange<Int>, _ type: ParameterType, _ parameter: ParameterDeclaration
  ) throws(Diagnostic) -> Int {
    guard !scalar.isQuoted, let value = WordReading.integer(scalar.text) else {
      if !scalar.isQuoted, WordReading.isWholeNumber(scalar.text) {
        throw failure(
          .outOfRange(
            parameter: parameter.name, found: scalar.text,
            low: bounds.lowerBound == .min ? nil : String(bounds.lowerBound), high: String(bounds.upperBound),
            unit: parameter.unit), scalar.span)
      }
      let number = scalar.isQuoted ? nil : WordReading.number(scalar.text)
      if number == nil { try refuseUnit(scalar, parameter) }
      let whole = number.flatMap { Int(exactly: $0.rounded()) } ?? WordReading.integer(scalar.text.filter { $0 != "_" })
      throw unfit(.scalar(scalar), type, parameter, instead: whole.map(String.init))
    }
    guard bounds.contains(value) else {
      throw failure(
        .outOfRange(
          parameter: parameter.name, found: scalar.text,
          low: bounds.lowerBound == .min ? nil : String(bounds.lowerBound),
          high: bounds.upperBound == .max ? nil : String(bounds.upperBound), unit: parameter.unit), scalar.span)
    }
    return value
  }

  func number(
    _ scalar: ScalarSyntax, in bounds: ClosedRange<Double>, _ type: ParameterType, _ parameter: ParameterDeclaration
  ) throws(Diagnostic) -> Double {
    guard !scalar.isQuoted, let value = WordReading.number(scalar.text) else {
      try refuseUnit(scalar, parameter)
      throw unfit(
        .scalar(scalar), type, parameter,
        instead: WordReading.number(scalar.text).map { _ in scalar.text } ?? WordReading.percentage(scalar.text))
    }
    guard bounds.contains(value) else {
      throw failure(
        .outOfRange(
          parameter: parameter.name, found: scalar.text, low: Self.bound(bounds.lowerBound),
          high: Self.bound(bounds.upperBound), unit: parameter.unit), scalar.span)
    }
    return value
  }

  func numbers(
    _ pairs: [PairSyntax], by kind: NameKind, in bounds: ClosedRange<Double>, for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> [(name: String, number: Double)] {
    var result: [(name: String, number: Double)] = []
    for pair in pairs {
      let name = try name(pair.key, kind)
      if result.contains(where: { $0.name == name }) {
        throw failure(.repeatedItem(pair.key.printed, instead: nil), pair.key.span)
      }
      guard let value = pair.value else { throw failure(.missingMapValue(key: pair.key.printed), pair.key.span) }
      guard case .scalar(let scalar) = value else { throw unfit(value, .number(bounds), parameter) }
      result.append((name, try number(scalar, in: bounds, .number(bounds), parameter)))
    }
    return result
  }

  func ranges(
    _ pairs: [PairSyntax], by kind: NameKind, for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> [(name: String, range: Range<Int>)] {
    var result: [(name: String, range: Range<Int>)] = []
    for pair in pairs {
      let name = try name(pair.key, kind)
      if result.contains(where: { $0.name == name }) {
        throw failure(.repeatedItem(pair.key.printed, instead: nil), pair.key.span)
      }
      guard let value = pair.value else { throw failure(.missingMapValue(key: pair.key.printed), pair.key.span) }
      guard case .scalar(let scalar) = value else { throw unfit(value, .range, parameter) }
      result.append((name, try range(scalar, parameter)))
    }
    return result
  }

  private static func bound(_ value: Double) -> String? {
    guard abs(value) < Double.greatestFiniteMagnitude else { return nil }
    if value > 0, value < 1e-100 { return "above 0" }
    return Int(exactly: value).map(String.init) ?? String(value)
  }

  /// `302um` where microns are meant anyway.
  private func refuseUnit(_ scalar: ScalarSyntax, _ parameter: ParameterDeclaration) throws(Diagnostic) {
    guard !scalar.isQuoted, let unit = parameter.unit, let (number, given) = WordReading.numberWithUnit(scalar.text)
    else {
      return
    }
    let microns: Set = ["um", "µm", "μm", "micron", "microns"]
    let pixels: Set = ["px", "pixel", "pixels"]
    let group = [microns, pixels].first { $0.contains(unit) } ?? [unit]
    guard group.contains(given.lowercased()) else { return }
    let spoken = group == microns ? "microns" : group == pixels ? "pixels" : unit
    throw failure(.unitIsKnown(parameter: parameter.name, unit: spoken, number: number), scalar.span)
  }
}
