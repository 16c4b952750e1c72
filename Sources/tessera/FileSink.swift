import CommandLanguage
import FeatureData
import Files
import Foundation
import Rendering
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

  func show(_ output: RichOutput) { write(output, number: nextNumber) }

  /// The number of its file names a display.
  func showUpdatable(_ output: RichOutput) -> DisplayHandle {
    let number = nextNumber
    write(output, number: number)
    return DisplayHandle(String(number))
  }

  /// The file holds the last state, the text all of them.
  func update(_ display: DisplayHandle, to output: RichOutput) {
    guard let number = Int(display.name) else { return }
    if let folder {
      for ending in ["png", "html", "txt"] { unlink(name(of: number, in: folder) + "." + ending) }
    }
    write(output, number: number)
  }

  private var nextNumber: Int {
    state.withLock {
      $0.count += 1
      return $0.count
    }
  }

  private func name(of number: Int, in folder: String) -> String { folder + "/" + String(format: "%03d", number) }

  private func write(_ output: RichOutput, number: Int) {
    note(output.text + "\n")
    guard let folder else { return }
    let name = name(of: number, in: folder)
    let (path, bytes): (String, [UInt8]) =
      if let picture = output.picture {
        (name + ".png", PNGText.stating(picture.statement, picture.png))
      } else if let html = output.html {
        (name + ".html", Array(html.visibleLines.utf8))
      } else {
        (name + ".txt", Array(output.text.visibleLines.utf8))
      }
    do throws(FileFault) { try WholeFile.write(bytes, to: path) } catch {
      state.withLock { $0.problems.append("\(path) cannot be written: \(error.description).") }
    }
  }

  func note(_ text: String) {
    terminal.clearProgress()
    print(text.visibleLines)
    fflush(nil)
  }

  func warn(_ text: String) {
    terminal.clearProgress()
    fflush(nil)
    FileHandle.standardError.write(Data((text.visibleLines + "\n").utf8))
  }
}
