public import Files
public import JupyterWire
import Synchronization

/// What a running cell talks to: it shows results, reports progress and learns of interruption.
///
/// Every member may be used from any thread. None blocks, but that outputs wait while too much of what was shown before is
/// still to be sent. What is shown after the cell has ended is dropped.
public final class ExecutionContext: Sendable {
  /// The number of the cell, as the notebook shows it beside the cell.
  public let executionCount: Int
  /// Progress of long work; see `ProgressDisplay`.
  public let progress: ProgressDisplay

  /// The comms of the kernel, to open one from within the cell.
  public let comms: CommRegistry
  /// The live views of the kernel, to show one in the cell.
  public let widgets: WidgetService

  /// The notebook's name for the cell; nil if the front end does not say.
  let cellID: String?
  /// Nothing is shown.
  let isSilent: Bool
  /// The header of the request that the cell answers.
  let parent: JSONFragment
  private let interrupted = Atomic<Bool>(false)
  private let cellSignal: WakeSignal
  private let input: InputQuestioner?
  private let output: CellOutput
  private let requested = Locked<[ExecutePayload]>([])

  init(
    publisher: Publisher, parent: JSONFragment, cellID: String? = nil, count: Int, isSilent: Bool = false,
    attention: WakeSignal, cellSignal: WakeSignal, comms: CommRegistry, widgets: WidgetService,
    input: InputQuestioner? = nil
  ) {
    self.comms = comms
    self.widgets = widgets
    self.cellID = cellID
    self.isSilent = isSilent
    self.parent = parent
    self.cellSignal = cellSignal
    self.input = input
    executionCount = count
    output = CellOutput(publisher: publisher, parent: parent, count: count, isSilent: isSilent)
    progress = ProgressDisplay(output: output, attention: attention)
  }

  /// True once the user has asked for this cell to stop, by message, by SIGINT or by shutdown.
  public var isInterrupted: Bool { interrupted.load(ordering: .relaxed) }

  func interrupt() {
    interrupted.store(true, ordering: .relaxed)
    cellSignal.raise()
  }

  /// Blocks for the time given, or until the cell is interrupted; for the cell's own thread only.
  ///
  /// - Returns: whether the cell was interrupted.
  public func wait(milliseconds: Int) -> Bool {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while !isInterrupted {
      let left = deadline - ContinuousClock.now
      if left <= .zero { return false }
      cellSignal.clear()
      if isInterrupted { break }
      cellSignal.wait(milliseconds: Int(left / .milliseconds(1)) + 1)
    }
    return true
  }

  /// Asks the user and blocks until the answer is there; for the cell's own thread only.
  ///
  /// - Parameter isPassword: the front end does not show what is typed.
  /// - Throws: `InputFault`; after `.interrupted` the cell should end as interrupted.
  public func requestInput(_ prompt: String, isPassword: Bool = false) throws(InputFault) -> String {
    guard let input else { throw .notAllowed }
    return try input.ask(prompt, isPassword: isPassword) {
      cellSignal.wait(milliseconds: -1)
      cellSignal.clear()
      return isInterrupted
    }
  }

  /// Shows a result.
  ///
  /// - Parameters:
  ///   - metadata: added to the bundle's own.
  ///   - displayID: a name by which `updateDisplay` can replace it later, also from another cell.
  public func display(_ bundle: MIMEBundle, metadata: [(String, JSONFragment)] = [], displayID: String? = nil) {
    progress.discard()
    output.display(bundle, metadata: metadata, displayID: displayID)
  }

  /// Replaces every output shown under `displayID`.
  public func updateDisplay(_ displayID: String, to bundle: MIMEBundle, metadata: [(String, JSONFragment)] = []) {
    output.update(displayID, to: bundle, metadata: metadata)
  }

  /// Shows the value of the cell, which notebooks mark with its number; the parameters are those of `display`.
  public func executeResult(_ bundle: MIMEBundle, metadata: [(String, JSONFragment)] = [], displayID: String? = nil) {
    progress.discard()
    output.executeResult(bundle, metadata: metadata, displayID: displayID)
  }

  /// Asks the front end for something once the cell has gone well; after an error it is forgotten.
  public func request(_ payload: ExecutePayload) { requested.withLock { $0.append(payload) } }

  var payloads: [ExecutePayload] { requested.withLock { $0 } }

  /// Writes text to one of the cell's streams.
  public func write(_ name: StreamName, _ text: String) { output.write(text, to: name) }

  /// Removes what the cell has shown so far; with `wait` only when it shows something new.
  public func clearOutput(wait: Bool = false) {
    progress.discard()
    output.clear(wait: wait)
  }

  /// The plain text of the cell's result, for the history.
  var resultText: String? { output.resultText }

  func end(error: ExecuteError?) {
    progress.end()
    output.end(error: error)
  }
}
