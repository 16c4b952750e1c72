/// Module paths as further names for layers, one list for each name.
///
/// torch's exporter names a tensor `/wrapper/layer4/layer4.1/relu_1/Relu_output_0`. The last tensor inside a module is
/// the module's output, so that one is also known as `layer4.1`, and the last of the whole stage as `layer4`.
///
/// - Parameter scopes: module paths by tensor name, where the file tells them.
func moduleAliases(of names: [String], scopes: [String: [String]] = [:]) -> [[String]] {
  let paths = names.map { scopes[$0] ?? modulePath($0) }
  // A wrapper around nearly the whole model is nothing that its author would write down.
  let roots = paths.compactMap { $0.flatMap { $0.count > 1 ? $0.first : nil } }
  // One with numbered modules in it is the body of the model itself, as `blocks` of `blocks.11`.
  let numbered = Set(paths.compactMap { $0.flatMap { $0.count > 1 && Int($0[1]) != nil ? $0[0] : nil } })
  let wrapper = Set(roots).subtracting(numbered).first { root in
    roots.count { $0 == root } * 4 >= roots.count * 3
  }
  var result = names.map { _ in [String]() }
  var taken: Set<String> = []
  for (index, path) in paths.enumerated().reversed() {
    guard let path else { continue }
    for start in path.count > 1 && path.first == wrapper ? [1, 0] : [0] {
      for end in stride(from: path.count, to: start, by: -1) {
        let alias = path[start..<end].joined(separator: ".")
        if taken.insert(alias).inserted { result[index].append(alias) }
      }
    }
  }
  return result
}

/// `/m/layer4/layer4.1/relu_1/Relu_output_0` is m, layer4, 1, relu_1; nil for names of another form.
private func modulePath(_ name: String) -> [String]? {
  let parts = name.split(separator: "/").map(String.init)
  guard name.hasPrefix("/"), parts.count > 1, name.contains("_output_") else { return nil }
  var path: [String] = []
  for part in parts.dropLast() {
    // An inner module of a sequence repeats the names of those around it.
    let steps = part.split(separator: ".").map(String.init)
    if let shared = overlap(of: path, with: steps) {
      path += steps[shared...]
    } else {
      path += steps
    }
  }
  return path
}

/// How many leading steps repeat the end of the path; nil if none.
private func overlap(of path: [String], with steps: [String]) -> Int? {
  guard steps.count > 1 else { return nil }
  return (1..<steps.count).reversed().first { path.suffix($0) == steps.prefix($0) }
}

/// Up to three names that differ least, by Levenshtein distance; none where all differ by more than half.
func nearestNames(to name: String, among names: [String]) -> [String] {
  let wanted = Array(name.lowercased())
  let ranked = names.map { candidate -> (name: String, distance: Int) in
    let other = Array(candidate.lowercased())
    // A name that holds what was typed is nearer than its length tells.
    let holds = !wanted.isEmpty && candidate.lowercased().contains(name.lowercased())
    return (candidate, holds ? 1 : editDistance(wanted, other))
  }
  let limit = max(2, wanted.count / 2)
  return ranked.filter { $0.distance <= limit }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
    .prefix(3).map(\.name)
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
