import Analysis
package import Rendering

extension BatchCheck {
  /// What a cell shows: a row for each measure, site beside outcome.
  package var shown: DataTable {
    let names = [cases.siteName, cases.outcomeName]
    return DataTable(
      columns: [DataTable.Column("measure")]
        + names.flatMap { name in
          [
            DataTable.Column(name, .text, alignment: .right), DataTable.Column("by chance", .text, alignment: .right),
            DataTable.Column("p", .pValue),
          ]
        } + [DataTable.Column("n", .text, alignment: .right)],
      rows: measures.map { measure in
        [.text(measure.name(by: cases.siteName))]
          + [measure.site, measure.outcome].flatMap { Self.cells($0, measure.decimals) }
          + [.text(measure.count.counted(measure.noun))]
      }, caption: caption)
  }

  private static func cells(_ value: BatchMeasure.Value?, _ decimals: Int) -> [DataTable.Cell] {
    guard let value else { return [.missing, .missing, .missing] }
    return [
      .text(BatchMeasure.Value.text(value.value, value.interval, decimals: decimals)),
      value.chance.map { .text(BatchMeasure.Value.text($0, value.chanceRange, decimals: decimals)) } ?? .missing,
      value.p.map { .number($0) } ?? .missing,
    ]
  }

  /// Patients by site and outcome.
  package var crossTable: DataTable {
    let table = cases.table
    let association = table.cramersV.map { "Cramér's V \($0.text(decimals: 2))" }
    return DataTable(
      columns: [DataTable.Column(cases.siteName)] + cases.outcomes.map { DataTable.Column($0, .integer) },
      rows: cases.sites.indices.map { site in [.text(cases.sites[site])] + table.counts[site].map { .integer($0) } },
      caption: (["\(cases.caseNoun == "patient" ? "Patients" : "Cases") by \(cases.siteName) and \(cases.outcomeName)"]
        + [association].compactMap(\.self))
        .joined(separator: "; "))
  }
}

extension BatchCheck: Tabular {
  /// A row for each number, with all its digits.
  package var table: DataTable {
    var rows: [[DataTable.Cell]] = []
    func cell(_ value: Double?) -> DataTable.Cell { value.map { .number($0) } ?? .missing }
    for measure in measures {
      for (column, value) in [(cases.siteName, measure.site), (cases.outcomeName, measure.outcome)] {
        guard let value else { continue }
        rows.append([
          .text(measure.name(by: cases.siteName)), .text(column), .number(value.value),
          cell(value.interval?.lowerBound), cell(value.interval?.upperBound), cell(value.chance),
          cell(value.chanceRange?.lowerBound), cell(value.chanceRange?.upperBound), cell(value.p),
          .integer(measure.count), .text(measure.noun + "s"),
        ])
      }
    }
    let table = cases.table
    func plain(_ measure: String, _ of: String, _ value: DataTable.Cell, _ n: Int) -> [DataTable.Cell] {
      [.text(measure), .text(of), value] + [DataTable.Cell](repeating: .missing, count: 6) + [
        .integer(n), .text(cases.caseNoun + "s"),
      ]
    }
    if let association = table.cramersV {
      rows.append(
        plain("Cramér's V", "\(cases.siteName) × \(cases.outcomeName)", .number(association), cases.cases.count))
    }
    for (site, counts) in table.counts.enumerated() {
      for (outcome, count) in counts.enumerated() {
        rows.append(
          plain(
            cases.caseNoun + "s", "\(cases.sites[site]) × \(cases.outcomes[outcome])", .integer(count),
            cases.cases.count))
      }
    }
    return DataTable(
      columns: [
        DataTable.Column("measure"), DataTable.Column("of"), DataTable.Column("value", .number(significantDigits: 6)),
      ]
        + ["low", "high", "chance", "chance_low", "chance_high"].map {
          DataTable.Column($0, .number(significantDigits: 6))
        } + [DataTable.Column("p", .pValue), DataTable.Column("n", .integer), DataTable.Column("unit")],
      rows: rows, caption: sentence)
  }
}
