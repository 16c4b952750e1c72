import JupyterWire

/// What has come on shell and waits to be answered, in order, and who may take it.
///
/// The evaluation thread takes from the front. While it is held up by a cell, the assistant takes the requests that
/// only look: a front end that asks for completions in the middle of a long cell must not wait for its end.
final class RequestQueue: Sendable {
  enum Item: Sendable {
    case request(ReceivedMessage)
    /// Of a live view, for the next gap between cells.
    case work(@Sendable (ExecutionContext) -> Void)
    /// Everything that was sent before a failed cell was answered has arrived.
    case fence
    case stop
  }

  private struct State {
    /// Nil where the assistant has taken a question.
    var items: [Item?] = []
    /// Comes before the items.
    var work: [Item] = []
    var head = 0
    /// How many items have left the front of the array.
    var removed = 0
    var fences = 0
    /// Where the requests are that the assistant may take, in order, counted as if no item had ever been removed.
    var questions: [Int] = []
    var questionHead = 0
    var hasQuestions: Bool { questionHead < questions.count }
    var isStopped = false
    var cellStart: ContinuousClock.Instant?
    var isAssistantBusy = false
  }

  private let state = Locked(State())
  private let evaluationSignal = WakeSignal()
  private let assistantSignal = WakeSignal()
  /// Requests that come behind a shorter cell wait for its end, and see what it did.
  static let patience = Duration.milliseconds(30)

  func post(_ item: Item) {
    let (wakesEvaluation, wakesAssistant) = state.withLock { state in
      let wasEmpty = state.head == state.items.count
      if case .work = item { state.work.append(item) } else { state.items.append(item) }
      switch item {
      case .work: return (true, false)
      case .request(let request):
        if ReadOnlyRequests.overtaking.contains(request.header.type) {
          state.questions.append(state.removed + state.items.count - 1)
          return (wasEmpty, state.cellStart != nil)
        }
        return (wasEmpty, false)
      case .fence:
        state.fences += 1
        return (true, false)
      case .stop:
        state.isStopped = true
        return (true, true)
      }
    }
    if wakesEvaluation { evaluationSignal.raise() }
    if wakesAssistant { assistantSignal.raise() }
  }

  /// The next item for the evaluation thread; blocks until there is one.
  func next() -> Item {
    while true {
      if let item = takeFirst() { return item }
      evaluationSignal.clear()
      if let item = takeFirst() { return item }
      evaluationSignal.wait(milliseconds: -1)
    }
  }

  private func takeFirst() -> Item? {
    state.withLock { state in
      // While the assistant still answers an earlier question, a later one must not overtake it.
      if state.isAssistantBusy { return nil }
      if !state.work.isEmpty { return state.work.removeFirst() }
      defer { Self.compact(&state) }
      while state.head < state.items.count {
        let place = state.removed + state.head
        let item = state.items[state.head].take()
        state.head += 1
        if state.hasQuestions, state.questions[state.questionHead] == place { state.questionHead += 1 }
        if case .fence? = item { state.fences -= 1 }
        if let item { return item }
      }
      return nil
    }
  }

  /// Blocks the evaluation thread until a fence has arrived, or until the stop.
  func waitForFence() {
    while true {
      evaluationSignal.clear()
      if state.withLock({ $0.fences > 0 || $0.isStopped }) { return }
      evaluationSignal.wait(milliseconds: -1)
    }
  }

  /// A cell starts on the evaluation thread.
  func beginCell() {
    let hasQuestions = state.withLock { state in
      state.cellStart = .now
      return state.hasQuestions
    }
    if hasQuestions { assistantSignal.raise() }
  }

  /// The cell has ended.
  func endCell() { state.withLock { $0.cellStart = nil } }

  /// The next question for the assistant, which must call `assistantIsDone` after it; nil is the stop.
  func nextQuestion() -> ReceivedMessage? {
    while true {
      assistantSignal.clear()
      var wait = -1
      let question: ReceivedMessage? = state.withLock { state in
        guard !state.isStopped, state.hasQuestions, let start = state.cellStart else { return nil }
        let left = Self.patience - (.now - start)
        if left > .zero {
          wait = Int(left / .milliseconds(1)) + 1
          return nil
        }
        return Self.takeQuestion(&state)
      }
      if let question { return question }
      if state.withLock({ $0.isStopped }) { return nil }
      assistantSignal.wait(milliseconds: wait)
    }
  }

  func assistantIsDone() {
    state.withLock { $0.isAssistantBusy = false }
    evaluationSignal.raise()
  }

  private static func takeQuestion(_ state: inout State) -> ReceivedMessage? {
    let index = state.questions[state.questionHead] - state.removed
    state.questionHead += 1
    guard case .request(let request)? = state.items[index].take() else { return nil }
    state.isAssistantBusy = true
    return request
  }

  /// Gives back the space of what was taken, now and then.
  private static func compact(_ state: inout State) {
    if state.head == state.items.count {
      state.removed += state.head
      state.items.removeAll(keepingCapacity: state.items.capacity < 1024)
      state.head = 0
    } else if state.head > 1024, state.head * 2 > state.items.count {
      state.removed += state.head
      state.items.removeFirst(state.head)
      state.head = 0
    }
    if state.questionHead > 0, state.questionHead * 2 >= state.questions.count {
      state.questions.removeFirst(state.questionHead)
      state.questionHead = 0
    }
  }
}
