import FeatureData

extension Dataset {
  /// What is to be said about the tile files of a dataset, besides which slides were left out.
  package enum Remark: Sendable, Equatable {
    /// Slides whose extraction slideflow did not finish.
    case unfinished([String])
    case truncated([String])
    case damaged([String])
    case compressed([String])
    /// Slides, and the first reason.
    case unreadable([String], reason: String)
    /// Slides whose index is of another file, and the first reason.
    case indexMisfit([String], clause: String)
    /// Slides of which the manifest gives another number, and the numbers of the first.
    case manifestDisagrees([String], manifest: Int, count: Int)
    case tenths(reason: String)
    case noLocations(slide: String)
    /// Names of the annotations that nearly are those of tile files.
    case nearNames([NearName])

    package var sentence: String {
      switch self {
      case .unfinished(let slides):
        "\(Self.list(slides)): the extraction was interrupted (there is a file .unfinished); tiles may be missing."
      case .truncated(let slides):
        "\(Self.list(slides)): the tile file ends inside its last record, which is left out; it was cut off."
      case .damaged(let slides): "\(Self.list(slides)): records are damaged, and are left out."
      case .compressed(let slides):
        "\(Self.list(slides)): tile files are compressed (GZIP or ZLIB), and are read from unpacked copies in the project's store."
      case .unreadable(let slides, let reason): "\(Self.list(slides)): the tile file cannot be read. \(reason)"
      case .indexMisfit(let slides, let clause):
        "\(Self.list(slides)): the index beside the tile file is not used, for \(clause); the records were found without it."
      case .manifestDisagrees(let slides, let manifest, let count):
        "\(Self.list(slides)): manifest.json gives \(manifest) tiles where the file has \(count); the file counts."
      case .tenths(let reason):
        "Locations are tenths of pixels, as slideflow wrote them until version 1.4: \(reason)."
      case .nearNames(let pairs):
        NearName.sentences(pairs, "in the annotations", otherPlace: "tile files").joined(separator: " ")
          + (NearName.remedy(pairs, "in the annotations").map { " " + $0 } ?? "")
      case .noLocations(let slide): "The records hold no locations (looked at \(slide))."
      }
    }

    private static func list(_ slides: [String]) -> String {
      slides.count == 1
        ? slides[0] : "\(slides.count) slides (\(AnnotationNote.list(slides)))"
    }
  }

  /// - Parameter slideSize: of the finest level of a slide; asked for where nothing else tells what locations count.
  /// - Complexity: O(slides), and a look at the locations of at most three slides.
  package func remarks(slideSize: (Slide) -> (width: Int, height: Int)? = { _ in nil }) -> [Remark] {
    var unfinished: [String] = []
    var truncated: [String] = []
    var damaged: [String] = []
    var compressed: [String] = []
    var unreadable: [(slide: String, reason: String)] = []
    var misfits: [(slide: String, clause: String)] = []
    var disagreements: [(slide: String, manifest: Int, count: Int)] = []
    for slide in slides {
      for finding in slide.findings {
        switch finding {
        case .unfinished: unfinished.append(slide.name)
        case .truncated: truncated.append(slide.name)
        case .damaged: damaged.append(slide.name)
        case .compressed: compressed.append(slide.name)
        case .unreadable(let reason): unreadable.append((slide.name, reason))
        case .indexMisfit(_, let clause): misfits.append((slide.name, clause))
        case .manifestDisagrees(let manifest, let count): disagreements.append((slide.name, manifest, count))
        }
      }
    }
    var remarks: [Remark] = []
    if !unfinished.isEmpty { remarks.append(.unfinished(unfinished)) }
    if !truncated.isEmpty { remarks.append(.truncated(truncated)) }
    if !damaged.isEmpty { remarks.append(.damaged(damaged)) }
    if !compressed.isEmpty { remarks.append(.compressed(compressed)) }
    if let first = unreadable.first { remarks.append(.unreadable(unreadable.map(\.slide), reason: first.reason)) }
    if let first = misfits.first { remarks.append(.indexMisfit(misfits.map(\.slide), clause: first.clause)) }
    if let first = disagreements.first {
      remarks.append(
        .manifestDisagrees(disagreements.map(\.slide), manifest: first.manifest, count: first.count))
    }
    if !nearNames.isEmpty { remarks.append(.nearNames(nearNames)) }
    return remarks + locationRemarks(slideSize)
  }

  private func locationRemarks(_ slideSize: (Slide) -> (width: Int, height: Int)?) -> [Remark] {
    var (slide, verdict) = locationVerdict(slideSize: { _ in nil }, fullExtractPixels: { _ in nil })
    if verdict?.unit == .unknown {
      (slide, verdict) = locationVerdict(slideSize: slideSize, fullExtractPixels: { _ in nil })
    }
    guard let verdict else { return slide.map { [.noLocations(slide: $0)] } ?? [] }
    return verdict.unit == .tenths ? [.tenths(reason: verdict.reason)] : []
  }

  /// What the locations of the dataset count, judged by up to three of its slides: the first that tells.
  ///
  /// - Parameters:
  ///   - slideSize: of the finest level, where it is known.
  ///   - fullExtractPixels: side of a tile on the slide, where it is known.
  /// - Returns: a slide that was looked at, and nil for the verdict if no record has a location.
  package func locationVerdict(
    slideSize: (Slide) -> (width: Int, height: Int)?, fullExtractPixels: (Slide) -> Int?
  ) -> (slide: String?, verdict: LocationUnit.Verdict?) {
    let looked = Set([0, slides.count / 2, slides.count - 1]).sorted().map { slides[$0] }
    var known: (slide: String, verdict: LocationUnit.Verdict)?
    var wereRead = false
    for slide in looked {
      guard let locations = locations(of: slide) else { continue }
      wereRead = true
      guard !locations.isEmpty else { continue }
      var evidence = LocationUnit.Evidence()
      evidence.slideSize = slideSize(slide)
      evidence.fullExtractPixels = fullExtractPixels(slide)
      evidence.tileSize = tileSize
      evidence.slideflowVersion = project.slideflowVersion
      let verdict = LocationUnit.verdict(locations, evidence)
      if verdict.unit != .unknown { return (slide.name, verdict) }
      known = known ?? (slide.name, verdict)
    }
    return (known?.slide ?? (wereRead ? looked.first?.name : nil), known?.verdict)
  }

  /// The locations in a slide's index, else in its first records; empty if they have none, nil if none could be read.
  private func locations(of slide: Slide) -> [TileLocation]? {
    if let numbers = project.indexes.locations(of: slide.tfrecord) {
      return stride(from: 0, to: numbers.count - 1, by: 2).map { TileLocation(x: numbers[$0], y: numbers[$0 + 1]) }
    }
    return TFRecordFile.firstLocations(path: slide.tfrecord, count: 300, indexes: project.indexes)
  }
}
