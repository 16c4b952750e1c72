/// Module paths as further names for layers, one list for each name.
///
/// torch's exporter names a tensor `/wrapper/layer4/layer4.1/relu_1/Relu_output_0`. The last tensor inside a module is
/// the module's output, so that one is also known as `layer4.1`, and the last of the whole stage as `layer4`.
///
/// - Parameter paths: the module path of each name, where it is known.
func moduleAliases(of paths: [[String]?]) -> [[String]] {
  let wrapperDepth = wrapperDepth(of: paths.compactMap(\.self))
  var result = paths.map { _ in [String]() }
  var taken: Set<String> = []
  for (index, path) in paths.enumerated().reversed() {
    guard let path else { continue }
    for start in (0...max(0, min(wrapperDepth, path.count - 1))).reversed() {
      for end in stride(from: path.count, to: start, by: -1) {
        let alias = path[start..<end].joined(separator: ".")
        if taken.insert(alias).inserted { result[index].append(alias) }
      }
    }
  }
  return result
}

/// How many of the first steps are wrappers around nearly the whole model, nothing that its author would write down.
private func wrapperDepth(of paths: [[String]]) -> Int {
  var paths = paths.filter { $0.count > 1 }
  var depth = 0
  while !paths.isEmpty {
    let roots = paths.map { $0[depth] }
    // One with numbered modules in it is the body of the model itself, as `blocks` of `blocks.11`.
    let numbered = Set(paths.filter { Int($0[depth + 1]) != nil }.map { $0[depth] })
    let wrapper = Set(roots).subtracting(numbered).first { root in roots.count { $0 == root } * 4 >= roots.count * 3 }
    guard let wrapper else { break }
    paths = paths.filter { $0[depth] == wrapper && $0.count > depth + 2 }
    depth += 1
  }
  return depth
}

/// `functional_1/hidden_0_1/Relu`, as Keras's exports name nodes, is functional, hidden_0: the last step is the
/// operation, and where every layer's name ends in `_1`, Keras has added that.
func kerasPaths(of names: [String]) -> [[String]?] {
  let paths = names.map { name -> [String]? in
    // A layer of TensorFlow Lite that was made from several has the names of all.
    let steps = (name.split(separator: ";").last ?? "").split(separator: "/").dropLast().map(String.init)
    return steps.isEmpty ? nil : steps
  }
  let layers = Set(paths.compactMap { $0?.last })
  guard layers.allSatisfy({ $0.hasSuffix("_1") }) else { return paths }
  return paths.map { path in path?.map { $0.hasSuffix("_1") ? String($0.dropLast(2)) : $0 } }
}

/// `/m/layer4/layer4.1/relu_1/Relu_output_0` is m, layer4, 1, relu_1; nil for names of another form.
func modulePath(_ name: String) -> [String]? {
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
