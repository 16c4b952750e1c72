package import CommandLanguage

/// What is known in a session on a project as large as they come.
package enum LargeProject {
  /// 10,000 slides and 30 columns, of which one has a value for each slide and some have hundreds.
  package static let names: KnownNames = {
    let slides = (0..<10_000).map { "TCGA-\(digits($0, 5))-01Z-00-DX1" }
    var known = KnownNames(
      names: ["slide": slides, "folder": ["/home/u/studies/hpv"]],
      counts: ["slide": Dictionary(uniqueKeysWithValues: slides.enumerated().map { ($1, 100 + $0 % 900) })],
      widths: ["features": 2_048, "logits": 2])
    let cardinalities = [10_000, 9_000, 700, 300, 120] + (5..<30).map { 2 + $0 % 9 }
    for (column, cardinality) in cardinalities.enumerated() {
      let name = column == 0 ? "patient" : "column_\(column)"
      let values = (0..<cardinality).map { "\(name)_\(digits($0, 4))" }
      known.names["column", default: []].append(name)
      known.names["category:" + name] = values
      known.counts["category:" + name] = Dictionary(
        uniqueKeysWithValues: values.enumerated().map { ($1, 10_000 / cardinality + $0 % 3) })
    }
    known.names["layer"] = (0..<200).map { "block\($0 / 10).unit\($0 % 10).relu" }
    known.names["outcome"] = ["negative", "positive"]
    return known
  }()

  /// A session that holds a value of each type, all of which know these names.
  package static func session() -> CommandInterpreter {
    let session = SmallLanguage.interpreter()
    let values: [(String, ValueType)] = [
      ("p", SmallLanguage.project), ("d", SmallLanguage.dataset), ("n", SmallLanguage.model),
      ("l", SmallLanguage.labels), ("df", SmallLanguage.features), ("u", SmallLanguage.map),
      ("m", SmallLanguage.mosaic), ("t", SmallLanguage.table),
    ]
    for (name, type) in values {
      session.workspace.bind(SmallLanguage.value(type, names), to: name, statement: name, seconds: 1)
    }
    return session
  }

  /// A cell that uses them.
  package static let cell = """
    # slides of two groups
    d2 = dataset p tile_px=299 tile_um=302 filters={column_7: [column_7_0001, column_7_0002], patient: patient_4711}
    df2 = features n dataset=d2 layers=[block3.unit4.relu, block19.unit9.relu] outcomes=column_12
    stats df2 method=mean outdir=stats
    activations df2 slide=TCGA-04711-01Z-00-DX1 tiles=0..<5 columns=[0, 1, 2]
    m2 = mosaic df2 map_slide=centroid resolution=high filters={
      column_1: [column_1_8999],  # the last one
      column_29: column_29_0000,
    }
    label m2 by=[column_3, feature:497, logit:positive, patient]
    tiles df2 near=TCGA-00001-01Z-00-DX1:3 n=24
    labels d column_4 use_float=false
    save m2 mosaic.png
    label m2 by=colum_3
    activations df slide=TCGA-04711
    """

  private static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
