import FeatureData
import FeatureStore
import Foundation
import Inference
import Slides

/// Kinds of files that others made and that C libraries read: they are first opened by a process of their own, because a
/// damaged one can end or stop the process that reads it.
package enum ForeignFile: String, Sendable, CaseIterable {
  case slide, model
  /// Features of another program; they are not only looked at but read, and handed over in a file.
  case bag

  /// What the process of its own reports; it prints this as JSON.
  struct Report: Codable, Equatable {
    /// Why the file cannot be used; nil if it can.
    var problem: String?
    var remedy: String?
  }

  /// Address space that the process may take. A network is mapped and unpacked, so it may need much.
  var memoryLimit: UInt {
    switch self {
    case .slide: 3 << 30
    case .model: 64 << 30
    case .bag: 16 << 30
    }
  }

  /// Seconds of its time, and of ours. Features are read through, perhaps from far away.
  func secondsLimit(of path: String) -> Int {
    switch self {
    case .slide: return 20
    case .model: return 120
    case .bag:
      var status = stat()
      return 60 + (stat(path, &status) == 0 ? Int(status.st_size) / 5_000_000 : 0)
    }
  }

  /// What reads such files, for messages.
  var reader: String {
    switch self {
    case .slide: "OpenSlide"
    case .model: InferenceEngines.all.map(\.name).joined(separator: " or ")
    case .bag: "the reader of feature files"
    }
  }

  /// Opens the file and looks at what will be needed of it. Called in the process of its own.
  ///
  /// - Parameter rest: of the arguments: for features, the file to hand them over in and what is asked of them, in JSON.
  func report(on path: String, _ rest: [String]) -> Report {
    do {
      switch self {
      case .slide: try Self.lookAtSlide(path)
      case .model: _ = try Model.open(path, engines: InferenceEngines.all)
      case .bag:
        let request = try JSONDecoder().decode(BagRequest.self, from: Data((rest.dropFirst().first ?? "").utf8))
        let bags = try ForeignBag.read(path: path, request)
        try BagTransfer.write(bags, to: rest.first ?? "")
      }
      return Report()
    } catch let error as BagError {
      return Report(problem: error.description, remedy: error.remedy)
    } catch {
      let failure = Reporting.translated(error) as? WorkflowFailure
      return Report(problem: failure?.message ?? error.sentence, remedy: failure?.remedy)
    }
  }

  /// Reads a piece of each level; one that cannot be read is no reason to refuse the slide. A plain picture is not unpacked
  /// twice: its header has to do.
  private static func lookAtSlide(_ path: String) throws {
    let slide = try WholeSlideImage(path: path)
    if slide.isUnpackedWhole { return }
    let side = 512
    let pixels = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: side * side)
    defer { pixels.deallocate() }
    for level in slide.levels.indices {
      try? slide.read(
        into: pixels, x: max(slide.width / 2 - side / 2, 0), y: max(slide.height / 2 - side / 2, 0), level: level,
        width: side, height: side)
    }
  }

  /// `tessera probe KIND PATH`, or `tessera probe bag PATH OUT REQUEST`: reports on a file within limits, and
  /// ends.
  package static func runProbe(_ arguments: [String]) -> Int32 {
    guard let kind = arguments.first.flatMap(ForeignFile.init), kind.argumentCounts.contains(arguments.count) else {
      return 64
    }
    // What libraries print must not get between the lines of the answer.
    let answer = dup(1)
    let nowhere = open("/dev/null", O_WRONLY)
    if nowhere >= 0 { dup2(nowhere, 1) }
    kind.limitProcess(for: arguments[1])
    guard let json = try? JSONEncoder().encode(kind.report(on: arguments[1], Array(arguments.dropFirst(2)))) else {
      return 70
    }
    FileHandle(fileDescriptor: answer).write(json)
    return 0
  }

  private var argumentCounts: ClosedRange<Int> { self == .bag ? 4...4 : 2...2 }

  private func limitProcess(for path: String) {
    let secondsLimit = secondsLimit(of: path)
    func limit(_ resource: __rlimit_resource, _ value: UInt) {
      var limits = rlimit(rlim_cur: value, rlim_max: value)
      setrlimit(__rlimit_resource_t(resource.rawValue), &limits)
    }
    limit(RLIMIT_CORE, 0)
    limit(RLIMIT_AS, memoryLimit)
    limit(RLIMIT_CPU, UInt(secondsLimit))
    // Also where it waits for something, and when the process that started it has gone.
    alarm(UInt32(secondsLimit + 5))
  }
}
