/// Finds the slides of patients by their names, as `TCGA-A1-A0SH-01Z-00-DX1` is of the patient `TCGA-A1-A0SH`.
enum SlideNameMatching {
  struct Result: Equatable {
    /// Sorted by name; patients without a slide are absent.
    var byPatient: [String: [String]] = [:]
    /// Slides that fit several patients equally well, and are given to none.
    var ambiguous: [String] = []
  }

  /// A slide is of the patient whose id stands in its name, from one boundary between letters or digits and other
  /// characters to another, so that `P1` is not found in `P10`. Of several the longest id counts.
  ///
  /// - Complexity: O(slides × words in a name, squared).
  static func slides(ofPatients patients: [String], among names: [String]) -> Result {
    let known = Set(patients.filter { !$0.isEmpty })
    var result = Result()
    for name in Set(names).sorted() {
      let found = ids(in: name, known)
      guard let patient = found.first else { continue }
      if found.count > 1 { result.ambiguous.append(name) } else { result.byPatient[patient, default: []].append(name) }
    }
    return result
  }

  /// The longest of the known ids that the name holds; several if they are equally long.
  private static func ids(in name: String, _ known: Set<String>) -> [String] {
    let scalars = Array(name.unicodeScalars)
    func isWord(_ index: Int) -> Bool {
      scalars[index].properties.isAlphabetic || scalars[index].properties.numericType != nil
    }
    var starts: [Int] = []
    var ends: [Int] = []
    for index in scalars.indices where isWord(index) {
      if index == 0 || !isWord(index - 1) { starts.append(index) }
      if index == scalars.count - 1 || !isWord(index + 1) { ends.append(index + 1) }
    }
    var best: Set<String> = known.contains(name) ? [name] : []
    var length = best.isEmpty ? 0 : scalars.count
    // A name of very many words is not searched to its end.
    for start in starts.prefix(64) {
      for end in ends.prefix(64) where end > start && end - start >= length {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<end])
        let id = String(view)
        guard known.contains(id) else { continue }
        if end - start > length { best = [] }
        length = end - start
        best.insert(id)
      }
    }
    return best.sorted()
  }
}
