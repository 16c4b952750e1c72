import Foundation

/// A small part of what slideflow made of its golden project, kept with the tests; `Files/make_golden.py` cut it out.
package enum GoldenData {
  package static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Files").path

  /// The first record of each slide's tile file.
  package static let records = SharedData.goldenSlides.map {
    "\(folder)/project/tfrecords/224px_112um/\($0).tfrecords"
  }

  package static func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }
}

/// The data folder that the machine may offer beside the package, with all of the golden project in it.
package enum SharedData {
  package static let folder: String? = {
    var package = URL(filePath: #filePath)
    for _ in 0..<4 { package.deleteLastPathComponent() }
    let shared =
      ProcessInfo.processInfo.environment["TESSERA_SHARED"]
      ?? package.deletingLastPathComponent().appending(path: "shared").path
    return FileManager.default.fileExists(atPath: shared + "/data") ? shared + "/data" : nil
  }()

  package static let isPresent = folder != nil
  /// Why a test is skipped.
  package static let absence = "needs the shared data: TESSERA_SHARED, or the folder shared beside the package"

  package static var golden: String { (folder ?? "") + "/slideflow-golden" }
  package static let goldenSlides = (0..<10).map { "SYN-0\($0)" }
  package static let goldenRecords = goldenSlides.map { "\(golden)/project/tfrecords/224px_112um/\($0).tfrecords" }
}
