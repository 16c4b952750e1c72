import ArgumentParser
import CommandLanguage
import Dispatch
import Foundation
import SessionCommands
import Synchronization

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
        throw ValidationError("\(file) cannot be read: \(error.localizedDescription)")
      }
    }
    let sink = try FileSink(folder: out)
    let interruption = TerminalInterruption()
    let signals = interruption.listen()
    defer { signals.cancel() }
    let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())
    let outcome = language.run(String(decoding: data, as: UTF8.self), output: sink, monitor: interruption)
    if let problem = sink.problem { try complain(problem) }
    switch outcome {
    case .completed: return
    case .failed(let failure), .interrupted(let failure): try complain(failure.rendered(.plain))
    }
  }

  /// Ends the program at once: after a failure the network's threads may still be at work, and must not be torn down
  /// under them.
  private func complain(_ text: String) throws {
    FileHandle.standardError.write(Data((text + "\n").utf8))
    fflush(nil)
    _exit(1)
  }
}

/// Prints results, and writes them as numbered files.
private final class FileSink: OutputSink {
  private struct State {
    var count = 0
    var problem: String?
  }

  private let folder: String?
  private let state = Mutex(State())

  init(folder: String?) throws {
    self.folder = folder
    guard let folder else { return }
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw ValidationError("The folder \(folder) cannot be made: \(error.localizedDescription)")
    }
  }

  /// Why an output could not be written, if one could not.
  var problem: String? { state.withLock { $0.problem } }

  func show(_ output: RichOutput) {
    print(output.text)
    print()
    fflush(nil)
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
      state.withLock { $0.problem = "\(path) cannot be written: \(error.localizedDescription)" }
    }
  }

  func note(_ text: String) {
    print(text)
    fflush(nil)
  }

  func warn(_ text: String) {
    fflush(nil)
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}

/// Ctrl-C asks the running statement to stop; a second one ends the program.
private final class TerminalInterruption: ProgressMonitor {
  private let count = Atomic<Int>(0)

  /// The signal is listened to for as long as the source lives.
  func listen() -> any DispatchSourceSignal {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      if self.count.add(1, ordering: .relaxed).newValue > 1 { exit(130) }
    }
    source.activate()
    return source
  }

  var isInterrupted: Bool { count.load(ordering: .relaxed) > 0 }
  func report(phase: String, unit: String, done: Int, total: Int) {}
}
