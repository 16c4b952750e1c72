/// Makes the names inside an SVG file depend on the file alone.
///
/// Cairo counts surfaces through the life of the process and writes the counter into `id="…"`, so that the second of two equal
/// pictures would differ from the first.
enum SVGIdentifiers {
  /// Renames every identifier to `n1`, `n2`, … in the order of first appearance, where it is defined and where it is used.
  static func renumbered(_ svg: [UInt8]) -> [UInt8] {
    var names: [ArraySlice<UInt8>: [UInt8]] = [:]
    var result: [UInt8] = []
    result.reserveCapacity(svg.count)
    // Where cairo writes a name: after one of these, up to the delimiter.
    let openings: [(mark: [UInt8], end: UInt8)] = [
      (Array(" id=\"".utf8), UInt8(ascii: "\"")), (Array("href=\"#".utf8), UInt8(ascii: "\"")),
      (Array("url(#".utf8), UInt8(ascii: ")")),
    ]
    var place = 0
    while place < svg.count {
      let byte = svg[place]
      let opening = openings.first { opening in
        byte == opening.mark[0] && svg.count - place > opening.mark.count
          && svg[place..<place + opening.mark.count].elementsEqual(opening.mark)
      }
      guard let opening, let end = svg[(place + opening.mark.count)...].firstIndex(of: opening.end) else {
        result.append(byte)
        place += 1
        continue
      }
      let name = svg[place + opening.mark.count..<end]
      let renamed = names[name] ?? Array("n\(names.count + 1)".utf8)
      names[name] = renamed
      result += opening.mark
      result += renamed
      result.append(opening.end)
      place = end + 1
    }
    return result
  }
}
