extension Project {
  /// What is to be said of the names of a project's files: slides that have several, and names of the annotations that
  /// nearly are those of files. Sentences with whole paths.
  ///
  /// - Complexity: lists the folders of slides and tiles; reads no file.
  package func nameRemarks() -> [String] {
    let files = slideFiles()
    var remarks: [String] = []
    let twins = files.filter { !$0.twins.isEmpty }
    if !twins.isEmpty {
      let list = twins.prefix(5).map { "\($0.name) (\(([$0.path] + $0.twins).joined(separator: ", ")))" }
      remarks.append(
        "\(twins.count == 1 ? "A slide has several files" : "\(twins.count) slides have several files each"), and can be "
          + "read only where they are copies of each other: \(list.joined(separator: "; "))\(twins.count > 5 ? "; …" : ".")"
      )
    }
    let tiles = Set(
      sources.compactMap(\.tfrecords).flatMap { folder in
        ProjectFiles.tileSizes(in: folder).flatMap {
          ProjectFiles.TileFolder(folder + "/" + $0.label).files.map(\.slide)
        }
      })
    let place = "in the annotations"
    var unknown = annotations.slides.filter { !tiles.contains($0) }
    let ofTiles = NearName.pairs(unknown, tiles.filter { !annotations.contains(slide: $0) })
    unknown = unknown.filter { name in !ofTiles.contains { $0.name == name } }
    let names = Set(files.map(\.name))
    let ofSlides = NearName.pairs(
      unknown.filter { !names.contains($0) }, names.filter { !annotations.contains(slide: $0) })
    remarks += NearName.sentences(ofTiles, place, otherPlace: "tile files")
    remarks += NearName.sentences(ofSlides, place, otherPlace: "slide files")
    if let remedy = NearName.remedy(ofTiles + ofSlides, place) { remarks.append(remedy) }
    return remarks
      + regionRemarks(
        slides: tiles.union(names).union(annotations.slides),
        files: Set(files.map { String($0.path.split(separator: "/").last ?? "") }))
  }

  /// Files of regions of interest that no slide has the name of, though one nearly has: that slide would be taken whole.
  private func regionRemarks(slides: Set<String>, files: Set<String>) -> [String] {
    let regions = sources.compactMap(\.regionsOfInterest).reduce(into: [String: String]()) {
      $0.merge(RegionFolder($1).readFiles(besidesThoseOf: files)) { first, _ in first }
    }
    let names = Set(regions.keys)
    let pairs = NearName.pairs(names.subtracting(slides), slides.subtracting(names))
    return NearName.sentences(pairs, "of files of regions of interest", otherPlace: "slides")
      + (pairs.first.map { pair in
        let file = regions[pair.name] ?? pair.name
        return ["Name the files as the slides: \(pair.other)\(file.dropFirst(pair.name.count)) for \(file)."]
      } ?? [])
  }
}
