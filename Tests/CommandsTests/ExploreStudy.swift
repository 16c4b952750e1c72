import CommandLanguage
import Files
import Foundation
import Synchronization
import Testing

/// A view that a cell showed, asked as its page would ask it.
struct AskedView {
  let view: any LiveView
  let still: RichOutput

  struct Answer {
    let content: JSONValue
    let buffers: [[UInt8]]

    subscript(key: String) -> JSONValue? { content[key] }

    /// Points of a bit set.
    func points(_ buffer: Int = 0) -> Set<Int> {
      Set(
        buffers[buffer].indices.flatMap { byte in
          (0..<8).filter { buffers[buffer][byte] & (1 << $0) != 0 }.map { byte * 8 + $0 }
        })
    }

    func floats(_ buffer: Int) -> [Float] {
      buffers[buffer].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    func integers(_ buffer: Int) -> [Int] {
      buffers[buffer].withUnsafeBytes { Array($0.bindMemory(to: Int32.self)).map(Int.init) }
    }
  }

  struct Refusal: Error, Equatable { let sentence: String }

  func ask(_ json: String) throws -> Answer {
    let question = AskedQuestion(json: json)
    view.hear(question)
    return try question.wait()
  }

  /// What the page is told where it does not get what it asks for.
  func refusal(_ json: String) throws -> String {
    do { _ = try ask(json) } catch let refusal as Refusal { return refusal.sentence }
    Issue.record("it was answered: \(json)")
    return ""
  }
}

/// A question that waits for its answer; things between statements are done at once.
final class AskedQuestion: ViewQuestion {
  let json: String
  let page = "page"
  private let answers = Mutex<[Result<AskedView.Answer, any Error>]>([])
  private let arrival = DispatchSemaphore(value: 0)

  init(json: String) { self.json = json }

  func answer(_ message: ViewMessage) {
    add(
      Result {
        let members = try message.members.map { ($0.name, try JSONValue(parsing: Array($0.json.utf8))) }
        return AskedView.Answer(
          content: .object(Dictionary(uniqueKeysWithValues: members)), buffers: message.buffers)
      })
  }

  func postpone() {}
  func fail(_ sentence: String) { add(.failure(AskedView.Refusal(sentence: sentence))) }

  func betweenStatements(_ body: @escaping @Sendable (any OutputSink, any ProgressMonitor) -> Void) {
    body(NoOutput(), Unwatched())
  }

  private func add(_ answer: Result<AskedView.Answer, any Error>) {
    answers.withLock { $0.append(answer) }
    arrival.signal()
  }

  var answerCount: Int { answers.withLock { $0.count } }

  func wait() throws -> AskedView.Answer {
    guard arrival.wait(timeout: .now() + 30) == .success else { throw AskedView.Refusal(sentence: "no answer") }
    return try answers.withLock { $0[0] }.get()
  }
}

private struct NoOutput: OutputSink {
  func show(_ output: RichOutput) {}
  func note(_ text: String) {}
}

extension SessionStudy {
  /// The view that a cell shows.
  func view(_ cell: String) throws -> AskedView {
    let sink = LiveRecorder()
    if case .failed(let failure) = language.run(cell, output: sink, monitor: Unwatched()) {
      throw AskedView.Refusal(sentence: failure.rendered(.plain))
    }
    let (view, still) = try #require(sink.shown.withLock { $0 })
    return AskedView(view: view, still: still)
  }
}

/// A front end that can show live views.
private final class LiveRecorder: OutputSink {
  let shown = Mutex<(any LiveView, RichOutput)?>(nil)
  func show(_ output: RichOutput) {}
  func note(_ text: String) {}
  func show(_ output: RichOutput, orLive view: any LiveView) { shown.withLock { $0 = (view, output) } }
}
