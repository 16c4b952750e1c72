import Analysis
import FeatureData
import Foundation
import Testing

@testable import Workflows

@Suite struct MosaicPageFileTests {
  private let demo: DemoStudy
  private let mosaic: TileMosaic

  init() throws {
    demo = try DemoStudy()
    var request = MapRequest()
    request.parameters.method = .pca
    var laying = MosaicRequest()
    laying.columnCount = 6
    mosaic = try demo.features().mosaic(laying, map: request, remarks: SilentRemarks(), monitor: SilentMonitor())
  }

  private func save(_ name: String, byteLimit: Int, monitor: any WorkMonitor = SilentMonitor()) throws -> [String] {
    try mosaic.savePage(SaveRequest(path: demo.folder + "/" + name, monitor: monitor), byteLimit: byteLimit)
  }

  private func files(_ folder: String = "") -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: demo.folder + "/" + folder)) ?? [])
  }

  private func blocks(_ name: String) throws -> Set<String> {
    let html = try String(contentsOfFile: demo.folder + "/" + name, encoding: .utf8)
    let json = try #require(
      html.components(separatedBy: #"id="content">"#).last?.components(separatedBy: "</script>").first)
    let page = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    return Set(try #require(page["blocks"] as? [String]))
  }

  @Test func `a small page has its pictures inside, a large one in a folder beside it`() throws {
    #expect(try save("small.html", byteLimit: 10_000_000).joined().contains("small.html, "))
    #expect(!files().contains("small_tiles"))
    let said = try save("large.html", byteLimit: 4000).joined()
    #expect(said.contains("with the folder large_tiles beside it, which the page needs"))
    let names = try blocks("large.html")
    #expect(names.count > 0 && files("large_tiles") == Set(names.map { $0 + ".jpg" }))
    #expect(try blocks("small.html") == names && !files().contains("large_tiles.unfinished"))
    let html = try String(contentsOfFile: demo.folder + "/large.html", encoding: .utf8)
    #expect(html.contains(#""folder":"large_tiles""#) && !html.contains(#"id="block-"#))
  }

  @Test func `a page that is saved again takes its old folder's place, and a folder of other files stays`() throws {
    _ = try save("m.html", byteLimit: 4000)
    let old = demo.folder + "/m_tiles/9-9-9.jpg"
    try Data([1]).write(to: URL(filePath: old))
    _ = try save("m.html", byteLimit: 4000)
    #expect(!FileManager.default.fileExists(atPath: old))
    let own = demo.folder + "/m_tiles/notes.txt"
    try Data([1]).write(to: URL(filePath: own))
    let failure = #expect(throws: WorkflowFailure.self) { try save("m.html", byteLimit: 4000) }
    #expect(failure?.message.contains("holds other files") == true && FileManager.default.fileExists(atPath: own))
    #expect(!files().contains("m_tiles.unfinished"))
  }

  @Test func `an interrupted page leaves nothing behind`() throws {
    struct Interrupted: WorkMonitor {
      let isInterrupted = true
      func report(phase: String, unit: String, done: Int, total: Int) {}
    }
    let before = files()
    #expect(throws: WorkInterrupted()) { try save("m.html", byteLimit: 1, monitor: Interrupted()) }
    #expect(files() == before)
  }
}
