import FeatureData
import Foundation
import Slides

/// Extracts the tiles of many slides, one after the other, and says what became of each.
package struct SlideExtraction {
  /// What became of one slide.
  package struct Outcome: Sendable {
    enum State: Sendable {
      case extracted(ExtractionRecord)
      /// A tile file that was there, made otherwise or by another program; it was left as it is.
      case leftAsFound(count: Int, reason: String)
      case failed(String, remedy: String?)
    }

    let slide: SlideFile
    let state: State
    /// Files of regions of the slide that are not read, and the one that is.
    var regionFiles = RegionFolder.Files.none
  }

  private let study: Study
  private let work: ExtractionPlan
  private let monitor: any WorkMonitor
  private var plan: TilePlan { work.tiles }

  init(_ work: ExtractionPlan, in study: Study, monitor: any WorkMonitor) {
    self.work = work
    self.study = study
    self.monitor = monitor
  }

  /// - Throws: `WorkInterrupted`, or what keeps every slide from being written.
  func run(outcome: (Outcome) throws -> Void) throws {
    var folders: [String: RegionFolder] = [:]
    for slide in try work.files(in: study) {
      try monitor.checkInterrupted()
      if folders[slide.source] == nil {
        folders[slide.source] = study.project.regionFolder(of: slide.source).map { RegionFolder($0) }
      }
      let files = folders[slide.source]?.files(of: slide) ?? .none
      var result = try extract(slide, regionsPath: files.path)
      result.regionFiles = files
      try outcome(result)
    }
  }

  private func extract(_ slide: SlideFile, regionsPath: String?) throws -> Outcome {
    do throws(ProjectError) { try slide.checkUnambiguous() } catch {
      return Outcome(slide: slide, state: .failed(error.description, remedy: error.remedy?.withShortPaths))
    }
    let folder = try study.tileFolder(of: slide.source, size: plan.size)
    let tileFile = "\(folder)/\(slide.name).tfrecords"
    let parameters = identity(of: slide, regionsPath: regionsPath)
    let recordPath = ExtractionRecord.path(of: slide.name, source: slide.source, size: plan.size, in: study)
    let given = plan.scale[slide.name]
    let known = ExtractionRecord.read(recordPath)
    let isThere = FileManager.default.fileExists(atPath: tileFile)
    if work.skipsExtracted {
      if let known, known.answers(parameters, given: given), known.fits(tileFile: tileFile) {
        return Outcome(slide: slide, state: .extracted(known))
      }
      if isThere {
        let count = (try? TFRecordFile(path: tileFile, indexes: study.project.indexes).count) ?? 0
        let isOurs = known?.fits(tileFile: tileFile) ?? false
        return Outcome(
          slide: slide,
          state: .leftAsFound(
            count: count,
            reason: isOurs ? "extracted with other settings or from another state of the slide" : "not extracted here"))
      }
    }
    try PathResolution.makeFolder(folder)
    do {
      let image = try SlideOpening.open(slide.path, monitor: monitor)
      let usesRegions = plan.cutting.regionMethod != .ignore
      let regions = usesRegions ? try SlideOpening.regions(regionsPath, of: image, monitor: monitor) : nil
      let regionRemarks = plan.cutting.remarks(on: regions, slide: slide.name)
      let selection = try Reporting.run {
        try plan.selection(
          of: image, regions: regions,
          regionFolders: study.project.sources.compactMap(\.regionsOfInterest).map(\.withShortPaths), monitor: monitor)
      }
      let extraction = TileExtraction(
        image, selection: selection, filter: plan.cutting.filter,
        checksFocus: plan.cutting.checks.contains(.blur), format: work.format, transform: transform)
      var record: ExtractionRecord?
      let result = try extraction.write(to: folder, name: slide.name, monitor: monitor) { result, byteCount in
        // What cannot be read now must not be taken for an answer later.
        if byteCount == 0, result.verdicts.contains(.unreadable) { return }
        // Written first: a kill in between leaves a record without its file, and the slide is extracted anew.
        record = ExtractionRecord(
          parameters: parameters, selection: result, scanned: regions == nil ? nil : image.scannedPart,
          regionFrame: regions?.frame, regionRemarks: regionRemarks, fileByteCount: byteCount)
        try record?.write(to: recordPath)
      }
      guard let record else {
        let count = result.verdicts.count { $0 == .unreadable }
        return Outcome(
          slide: slide,
          state: .failed(
            "no tile can be read: \(count.counted("region")) of it cannot be.",
            remedy: "copy the slide again from where it came from"))
      }
      if isThere, !result.verdicts.contains(.kept) {
        for path in [tileFile, folder + "/" + slide.name + ".index.npz"] {
          try? FileManager.default.removeItem(atPath: path)
        }
      }
      return Outcome(slide: slide, state: .extracted(record))
    } catch let error as SlidesError {
      // The folder cannot be written: no slide can be.
      throw Reporting.translated(error)
    } catch {
      let translated = Reporting.translated(error)
      guard let failure = translated as? WorkflowFailure else { throw translated }
      return Outcome(slide: slide, state: .failed(failure.message, remedy: failure.remedy))
    }
  }

  /// A tile that cannot be normalised is of one colour, or has no tissue.
  private var transform: TileExtraction.Transform? {
    guard let normalizer = work.normalizer else { return nil }
    return { pixels, _ in normalizer.normalize(pixels) == .normalized }
  }

  /// Everything that the tiles of a slide depend on.
  private func identity(of slide: SlideFile, regionsPath: String?) -> String {
    var parts = [
      // Raised where the same settings make other pixels than before: 2 reduces by boxes before it filters.
      "cutting=2", "slide=\(ExtractionRecord.stamp(of: slide.path))", plan.identity,
      "img_format=\(work.format.picture.rawValue)",
      work.format.picture == .jpg ? "quality=\(work.format.quality)" : nil,
      "shuffle=\(work.format.shuffleSeed.map(String.init) ?? "false")", work.normalizer?.identity,
    ].compactMap(\.self)
    if let regionsPath, plan.cutting.regionMethod != .ignore {
      parts.append("roi=\(ExtractionRecord.stamp(of: regionsPath))")
    }
    return parts.joined(separator: " ")
  }
}
