import FeatureData
import FeatureStore
import Foundation
import Testing

@testable import Workflows

/// Feature files of other programs, read by a process of their own where the program is built beside the tests.
@Suite struct BagProbeTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "bags-\(UUID().uuidString)")
  private let features = Matrix(rowCount: 3, columnCount: 2, elements: [1, 2, 3, 4, 5, 6])
  private let corners = [TileLocation(x: 0, y: 0), TileLocation(x: 64, y: 0), TileLocation(x: 0, y: 64)]

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func written() throws -> String {
    let path = folder.appending(path: "S1.h5").path
    try TRIDENTFile.write(
      features, corners: corners, slide: "S1", attributes: .init(encoder: "uni", patchSizeLevel0: 64), to: path)
    return path
  }

  @Test func `an HDF5 file comes through the process as it is`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try written()
    let bags = try Probe.readBag(path, BagRequest(micronsPerPixel: 0.25))
    #expect(bags == (try ForeignBag.read(path: path, micronsPerPixel: 0.25)))
    #expect(bags.first?.corners == corners && bags.first?.features == features)
  }

  @Test func `a damaged file is refused with its name and a remedy`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try written()
    let bytes = try Data(contentsOf: URL(filePath: path))
    try bytes.prefix(bytes.count / 2).write(to: URL(filePath: path))
    let failure = #expect(throws: WorkflowFailure.self) { try Probe.readBag(path, BagRequest()) }
    #expect(failure?.message.hasPrefix("\(path) is damaged: ") == true)
    #expect(failure?.remedy == "Copy the file again from where it came from.")
  }

  @Test func `a tensor is read by this process, and refused in the same words`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try SlideflowBag.write(features, centres: corners, slide: "S2", to: folder.path)
    #expect(try Probe.readBag(folder.path + "/S2.pt", BagRequest()).first?.centres == corners)
    let failure = #expect(throws: WorkflowFailure.self) {
      try Probe.readBag(folder.path + "/S3.pt", BagRequest())
    }
    #expect(failure?.message == "\(folder.path)/S3.pt cannot be read: No such file or directory.")
  }

  @Test func `an interrupt ends the process`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    struct Interrupted: WorkMonitor {
      var isInterrupted: Bool { true }
      func report(phase: String, unit: String, done: Int, total: Int) {}
    }
    // The process may have ended before anybody looks.
    let path = try written()
    do {
      _ = try Probe.readBag(path, BagRequest(), monitor: Interrupted())
    } catch is WorkInterrupted {}
  }
}
