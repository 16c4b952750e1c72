import Files
import JupyterWire

/// What one cell shows, in order, including the line of progress that must leave no trace.
///
/// No front end can remove a single output. So the progress is a display of its own that is emptied when the work
/// ends, and the cell's next display, if nothing else came between, is put into it instead of after it: what is kept
/// is the same whether the work took long enough to show progress or not. An emptied display that nothing follows
/// stays in the notebook as `display_data` without data, which JupyterLab, nbclient and nbconvert show as nothing.
final class CellOutput: Sendable {
  private struct Slot {
    let displayID: String
    /// No other output has come after it.
    var isLast = true
    var isEmpty = false
  }

  private struct State {
    var hasEnded = false
    var progressSlot: Slot?
    var resultText: String?
  }

  private let publisher: Publisher
  private let parent: JSONFragment
  private let count: Int
  private let isSilent: Bool
  private let state = Locked(State())

  init(publisher: Publisher, parent: JSONFragment, count: Int, isSilent: Bool) {
    self.publisher = publisher
    self.parent = parent
    self.count = count
    self.isSilent = isSilent
  }

  /// The plain text of the last execute result.
  var resultText: String? { state.withLock { $0.resultText } }

  func display(_ bundle: MIMEBundle, metadata: [(String, JSONFragment)], displayID: String?) {
    if !isSilent { publisher.waitForRoom() }
    change { state in
      if let slot = state.progressSlot, slot.isLast, displayID == nil {
        state.progressSlot = nil
        publisher.publish(
          .display(bundle, metadata: metadata, displayID: slot.displayID, isUpdate: true, parent: parent))
      } else {
        empty(&state.progressSlot)
        state.progressSlot?.isLast = false
        publisher.publish(.display(bundle, metadata: metadata, displayID: displayID, parent: parent))
      }
    }
  }

  func update(_ displayID: String, to bundle: MIMEBundle, metadata: [(String, JSONFragment)]) {
    if !isSilent { publisher.waitForRoom() }
    change { _ in
      publisher.publish(
        .display(bundle, metadata: metadata, displayID: displayID, isUpdate: true, parent: parent))
    }
  }

  func executeResult(_ bundle: MIMEBundle, metadata: [(String, JSONFragment)], displayID: String?) {
    if !isSilent { publisher.waitForRoom() }
    change { state in
      empty(&state.progressSlot)
      state.progressSlot?.isLast = false
      state.resultText = bundle.plainText
      publisher.publish(
        .executeResult(bundle, metadata: metadata, displayID: displayID, count: count, parent: parent))
    }
  }

  func write(_ text: String, to name: StreamName) {
    if text.isEmpty { return }
    if !isSilent { publisher.waitForRoom() }
    change { state in
      state.progressSlot?.isLast = false
      publisher.write(text, to: name, parent: parent)
    }
  }

  func clear(wait: Bool) {
    change { state in
      state.progressSlot = nil
      publisher.publish(.clearOutput(wait: wait, parent: parent))
    }
  }

  func showProgress(_ bundle: MIMEBundle) {
    change { state in
      if let slot = state.progressSlot, slot.isLast || !slot.isEmpty {
        state.progressSlot?.isEmpty = false
        publisher.publish(.display(bundle, displayID: slot.displayID, isUpdate: true, parent: parent))
      } else {
        let slot = Slot(displayID: "progress-\(randomIdentifier())")
        state.progressSlot = slot
        publisher.publish(.display(bundle, displayID: slot.displayID, parent: parent))
      }
    }
  }

  func hideProgress() { change { empty(&$0.progressSlot) } }

  /// Shows `bundle` where the progress was, for good.
  func replaceProgress(by bundle: MIMEBundle) {
    change { state in
      if let slot = state.progressSlot {
        publisher.publish(.display(bundle, displayID: slot.displayID, isUpdate: true, parent: parent))
        state.progressSlot = nil
      } else {
        publisher.publish(.display(bundle, displayID: nil, parent: parent))
      }
    }
  }

  /// Shows `error`, if there is one; nothing is shown after it.
  func end(error: ExecuteError?) {
    change { state in
      empty(&state.progressSlot)
      if let error { publisher.publish(.error(error, parent: parent)) }
      state.hasEnded = true
    }
  }

  private func change(_ body: (inout State) -> Void) {
    state.withLock { state in
      if !isSilent && !state.hasEnded { body(&state) }
    }
  }

  private func empty(_ slot: inout Slot?) {
    guard let displayID = slot?.displayID, slot?.isEmpty == false else { return }
    slot?.isEmpty = true
    publisher.publish(.display(MIMEBundle(), displayID: displayID, isUpdate: true, parent: parent))
  }
}
