import FeatureData
import FeatureStore
import Slides

/// The kinds of files that are mutated, and what is done with them.
package enum FileKind: String, CaseIterable, Sendable {
  case records, pictures, examples, tables, projects, regions, imports, bags, hdf5

  /// How often it comes, in per cent.
  private var share: Int {
    switch self {
    case .records: 20
    case .pictures: 18
    case .examples: 13
    case .tables: 14
    case .projects: 8
    case .regions: 12
    case .imports: 8
    case .bags: 6
    case .hdf5: 1
    }
  }

  static func random(_ dice: inout Dice) -> FileKind {
    var place = dice.below(100)
    for kind in allCases {
      place -= kind.share
      if place < 0 { return kind }
    }
    return .records
  }

  /// Makes a case, reads it as a session would, and says what does not hold.
  func faults(_ material: FileMaterial, _ scratch: ScratchFiles, _ dice: inout Dice) -> [String] {
    scratch.empty()
    switch self {
    case .records: return Self.records(material, scratch, &dice)
    case .pictures: return Self.picture(material, &dice)
    case .examples: return Self.example(material, &dice)
    case .tables: return Self.table(material, &dice)
    case .projects: return Self.project(material, scratch, &dice)
    case .regions: return Self.regions(scratch, &dice)
    case .imports: return Self.imports(material, scratch, &dice)
    case .bags: return Self.bag(scratch, &dice)
    case .hdf5: return Self.hdf5(scratch, &dice)
    }
  }

  /// An error must say something; what it throws is what the signature says, else it is a fault.
  static func faults(of error: any Error) -> [String] {
    switch error {
    case let error as SlidesError: return error.description.isEmpty ? ["An error without words."] : []
    case let error as ProjectError:
      _ = error.remedy
      return error.description.isEmpty ? ["An error without words."] : []
    case let error as SlideError:
      _ = error.remedy
      return error.description.isEmpty ? ["An error without words."] : []
    case let error as BagError:
      _ = error.remedy
      return error.description.isEmpty ? ["An error without words."] : []
    case let error as ImageFault: return error.description.isEmpty ? ["An error without words."] : []
    case let error as ExampleFault: return error.description.isEmpty ? ["An error without words."] : []
    default: return ["An error of another kind: \(error)"]
    }
  }

  // MARK: Tile files

  private static func records(_ material: FileMaterial, _ scratch: ScratchFiles, _ dice: inout Dice) -> [String] {
    let payloads = (0..<dice.below(6)).map { _ in
      dice.chance(50) ? dice.pick(material.examples).encoded() : RecordMutation.payload(material, &dice)
    }
    let file = RecordMutation.file(payloads, &dice)
    let path = scratch.write(file.bytes, as: "S1.tfrecords")
    let locations = payloads.indices.flatMap { [64 + $0 * 128, 64] }
    if dice.chance(60) {
      let index = RecordMutation.index(of: file.frames, locations: locations, material, &dice)
      scratch.write(index.bytes, as: "S1" + index.ending)
    }
    scratch.makeFolder("kept")
    if dice.chance(20) { scratch.empty(folder: "kept") }
    var faults: [String] = []
    do throws(SlidesError) {
      let records = try TFRecordFile(
        path: path, indexes: TFRecordIndexes(folder: dice.chance(30) ? scratch.path + "/kept" : nil))
      if records.count > file.bytes.count { faults.append("More records than bytes.") }
      for record in 0..<min(records.count, 8) { faults += look(at: record, of: records) }
      if records.count > 8 { faults += look(at: records.count - 1, of: records) }
    } catch {
      faults += Self.faults(of: error)
    }
    return faults
  }

  private static func look(at record: Int, of records: TFRecordFile) -> [String] {
    var faults: [String] = []
    func attempt(_ body: () throws -> Void) { do { try body() } catch { faults += Self.faults(of: error) } }
    attempt { _ = try records.example(record) }
    attempt { _ = try records.location(record) }
    attempt { _ = try records.imageSize(record) }
    attempt { faults += Self.faults(of: try records.image(record)) }
    attempt {
      var pixels = [UInt8](repeating: 0, count: 64 * 64 * 3)
      _ = try pixels.withUnsafeMutableBufferPointer { buffer in
        try records.decodeImage(record, into: buffer, width: 64, height: 64)
      }
    }
    return faults
  }

  private static func faults(of image: RGBImage) -> [String] {
    image.pixels.count == image.width * image.height * 3 && image.width > 0 && image.height > 0
      ? [] : ["\(image.pixels.count) bytes for \(image.width) × \(image.height) pixels."]
  }

  private static func picture(_ material: FileMaterial, _ dice: inout Dice) -> [String] {
    let bytes = PictureMutation.mutated(dice.pick(material.pictures), &dice, other: dice.pick(material.pictures))
    do throws(ImageFault) {
      return faults(of: try TileImage.decode(bytes, fittingSide: dice.pick([TileDecoder.maximumSide, 1, 20])))
    } catch {
      return faults(of: error)
    }
  }

  private static func example(_ material: FileMaterial, _ dice: inout Dice) -> [String] {
    let bytes = RecordMutation.payload(material, &dice)
    do {
      let example = try bytes.withUnsafeBytes { try TileExample(parsing: $0) }
      return example.image.count <= bytes.count ? [] : ["A picture longer than its record."]
    } catch {
      return faults(of: error)
    }
  }

  // MARK: Tables

  private static func table(_ material: FileMaterial, _ dice: inout Dice) -> [String] {
    let names = ["S1", "S2", "S3-1", "S3-2", "TCGA-CV-7100-01Z"]
    do {
      let table = try CSVTable(bytes: TextMutation.mutated(dice.pick(FileMaterial.annotations), &dice), path: "a.csv")
      var faults: [String] = []
      for row in 0..<min(table.rowCount, 50) where table.fields(of: row).count != table.columns.count {
        faults.append("A row of another length than the header.")
      }
      let annotations = try Annotations(table) { names }
      faults += try look(at: annotations)
      let other = try CSVTable(bytes: TextMutation.mutated(dice.pick(FileMaterial.annotations), &dice), path: "b.csv")
      faults += try look(at: Annotations(other, joinedTo: annotations))
      return faults
    } catch {
      return faults(of: error)
    }
  }

  private static func look(at annotations: Annotations) throws -> [String] {
    var faults: [String] = []
    _ = annotations.notes.map(\.sentence)
    for column in annotations.columns.prefix(20) {
      let counts = try annotations.counts(of: column)
      if counts.reduce(0, { $0 + $1.count }) > annotations.slides.count { faults.append("More values than slides.") }
      _ = annotations.isContinuous(column)
      _ = try annotations.labels(column, slides: annotations.slides, useFloat: false)
      _ = try annotations.conflicts(in: column, slides: annotations.slides).map(\.sentence)
      if annotations.isNumeric(column) {
        _ = try annotations.labels(column, slides: annotations.slides, useFloat: true)
      }
    }
    return faults
  }

  // MARK: Projects

  private static func project(_ material: FileMaterial, _ scratch: ScratchFiles, _ dice: inout Dice) -> [String] {
    func text(_ original: String, _ dice: inout Dice) -> [UInt8] {
      dice.chance(50) ? Array(original.utf8) : TextMutation.mutated(original, &dice, isJSON: true)
    }
    let tiles = "tfrecords/64px_64um"
    scratch.makeFolder(tiles)
    scratch.makeFolder("slides")
    scratch.makeFolder("roi")
    scratch.write(text(FileMaterial.settings, &dice), as: "settings.json")
    scratch.write(text(FileMaterial.datasets, &dice), as: "datasets.json")
    scratch.write(text(FileMaterial.manifest, &dice), as: tiles + "/manifest.json")
    let annotations = dice.pick(FileMaterial.annotations)
    scratch.write(
      dice.chance(50) ? Array(annotations.utf8) : TextMutation.mutated(annotations, &dice), as: "annotations.csv")
    for slide in 1...2 {
      let payloads = (0..<dice.below(4)).map { _ in RecordMutation.payload(material, &dice) }
      let file = RecordMutation.file(payloads, &dice)
      scratch.write(file.bytes, as: "\(tiles)/S\(slide).tfrecords")
      if dice.chance(40) {
        let index = RecordMutation.index(of: file.frames, locations: file.frames, material, &dice)
        scratch.write(index.bytes, as: "\(tiles)/S\(slide)\(index.ending)")
      }
    }
    do {
      let project = try Project(folder: scratch.path)
      _ = project.modelParameterFiles
      _ = project.slideFiles()
      var faults = try look(at: project.annotations)
      let dataset = try Dataset(project, tileSize: nil, selection: Dataset.Selection())
      faults += dataset.remarks().filter(\.sentence.isEmpty).map { "A remark without words: \($0)" }
      _ = dataset.locationVerdict(slideSize: { _ in (4_000, 4_000) }, fullExtractPixels: { _ in 128 })
      for slide in dataset.slides {
        guard let records = try? TFRecordFile(path: slide.tfrecord, indexes: project.indexes) else { continue }
        if records.count > 0 { faults += look(at: records.count / 2, of: records) }
      }
      return faults
    } catch {
      return faults(of: error)
    }
  }

  // MARK: Regions

  private static func regions(_ scratch: ScratchFiles, _ dice: inout Dice) -> [String] {
    let format = dice.pick(RegionsOfInterest.Format.allCases)
    let text =
      switch format {
      case .csv: RegionMaterial.table(&dice)
      case .geojson: RegionMaterial.geoJSON(&dice)
      case .xml: RegionMaterial.xml(&dice)
      }
    let bytes = dice.chance(60) ? Array(text.utf8) : TextMutation.mutated(text, &dice, isJSON: format == .geojson)
    do {
      let regions = try RegionsOfInterest(path: scratch.write(bytes, as: "S1." + format.rawValue))
      _ = RegionLocator(regions).region(at: RegionsOfInterest.Vertex(x: dice.unit() * 4_000, y: dice.unit() * 4_000))
      _ = regions.ofClasses(["tumour"])?.holeCount
      var faults: [String] = []
      for y in [0, 64, 128.5, dice.unit() * 4_000] {
        let spans = regions.spans(atY: y)
        for (one, next) in zip(spans, spans.dropFirst()) where next.lowerBound < one.upperBound {
          faults.append("Spans that overlap.")
        }
      }
      let grid = try TileGrid(
        [SlideLevel(width: 4_000, height: 4_000, downsample: 1)], of: "S1.svs",
        size: TileSize(pixels: 64, extent: .microns(64)), strideDivisor: dice.pick([1, 1, 2, 3]),
        scale: SlideScale(micronsPerPixel: 0.5, source: .given))
      for fraction in [nil, dice.unit()] {
        var selection = TileSelection(grid)
        try selection.apply(regions, keepingInside: dice.chance(50), leastFraction: fraction)
        if selection.candidateCount > grid.cellCount { faults.append("More tiles than places.") }
      }
      return faults
    } catch {
      return faults(of: error)
    }
  }

  // MARK: Imports

  private static func imports(_ material: FileMaterial, _ scratch: ScratchFiles, _ dice: inout Dice) -> [String] {
    let list = scratch.write(
      dice.chance(20) ? Array(FileMaterial.tileList.utf8) : TextMutation.mutated(FileMaterial.tileList, &dice),
      as: "tiles.csv")
    for name in ["t1.jpg", "t2.png", "t3.jpg"] {
      let picture = dice.pick(material.pictures)
      scratch.write(
        dice.chance(70) ? picture : PictureMutation.mutated(picture, &dice, other: dice.pick(material.pictures)),
        as: name)
    }
    scratch.makeFolder("imported")
    scratch.empty(folder: "imported")
    do {
      let tiles = try LooseTiles(folder: scratch.path, manifest: list)
      let side = try tiles.commonSide(monitor: SilentMonitor())
      let size = TileSize(pixels: side, extent: .microns(64))
      let outcomes = try TileImport(
        tiles: tiles, size: size, folder: scratch.path + "/imported", replaces: true
      ).run(monitor: SilentMonitor())
      return outcomes.contains { $0.written < 0 } ? ["Fewer tiles than none."] : []
    } catch {
      return faults(of: error)
    }
  }
}
