import ArgumentParser
import CommandLanguage
import FeatureData
import Foundation
import Commands

/// `tessera run`: a command file without Jupyter.
struct RunSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a command file without Jupyter.",
    discussion: """
      Prints results as text. With --out each rich output is also written into DIR as NNN.png, NNN.html or NNN.txt, \
      numbered in the order of the statements. Stops at the first error with status 1, the diagnostic on stderr.
      """)

  @Argument(help: "The command file; - reads standard input.")
  var file: String

  @Option(name: .long, help: "A folder for the outputs; it is made if it does not exist.")
  var out: String?

  func run() throws {
    let data: Data
    if file == "-" {
      data = FileHandle.standardInput.readDataToEndOfFile()
    } else {
      do { data = try Data(contentsOf: URL(fileURLWithPath: file)) } catch {
        complain("\(file) cannot be read: \(error.reason).")
      }
    }
    let terminal = Terminal()
    let signals = terminal.listen()
    defer { signals.cancel() }
    let sink: FileSink
    do { sink = try FileSink(folder: out, terminal: terminal) } catch {
      complain("The folder \(out ?? "") cannot be made: \(error.reason).")
    }
    let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())
    let outcome = language.run(String(decoding: data, as: UTF8.self), output: sink, monitor: terminal)
    terminal.clearProgress()
    var complaints = sink.problems
    switch outcome {
    case .completed: break
    case .failed(let failure), .interrupted(let failure): complaints.append(failure.rendered(.plain))
    }
    if !complaints.isEmpty { complain(complaints.joined(separator: "\n")) }
  }
}
