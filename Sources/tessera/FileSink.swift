import CommandLanguage
import FeatureData
import Foundation
import Synchronization

/// Prints results, and writes them as numbered files.
final class FileSink: OutputSink {
  private struct State {
    var count = 0
    var problems: [String] = []
  }

  private let folder: String?
  private let terminal: Terminal
  private let state = Mutex(State())

  init(folder: String?, terminal: Terminal) throws {
    self.folder = folder
    self.terminal = terminal
    guard let folder else { return }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Why outputs could not be written.
  var problems: [String] { state.withLock { $0.problems } }

  func show(_ output: RichOutput) {
    note(output.text + "\n")
    guard let folder else { return }
    let number = state.withLock {
      $0.count += 1
      return $0.count
    }
    let name = folder + "/" + String(format: "%03d", number)
    let (path, bytes): (String, Data) =
      if let picture = output.picture {
        (name + ".png", Data(picture.png))
      } else if let html = output.html {
        (name + ".html", Data(html.utf8))
      } else {
        (name + ".txt", Data(output.text.utf8))
      }
    do { try bytes.write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      state.withLock { $0.problems.append("\(path) cannot be written: \(error.reason).") }
    }
  }

  func note(_ text: String) {
    terminal.clearProgress()
    print(text)
    fflush(nil)
  }

  func warn(_ text: String) {
    terminal.clearProgress()
    fflush(nil)
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
