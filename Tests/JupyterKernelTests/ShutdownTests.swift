import Files
import Foundation
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct ShutdownTests {
  @Test func anIdleKernelAnswersAndEndsAtOnce() throws {
    let front = try FakeFrontEnd()
    let start = ContinuousClock.now
    let identifier = front.send("shutdown_request", #"{"restart":true}"#, on: .control)
    let reply = try front.receive(.control)
    #expect(reply.type == "shutdown_reply" && reply.content["restart"] == .bool(true))
    #expect(try front.published(for: identifier).last?.state == "idle")
    #expect(front.status() == .success(0))
    #expect(ContinuousClock.now - start < .seconds(1))
    for path in front.connection.socketPaths { #expect(!FileManager.default.fileExists(atPath: path)) }
  }

  @Test func aBusyCellIsInterruptedAndAnswered() throws {
    let front = try FakeFrontEnd()
    front.sendExecute("sleep 30")
    while try front.receive(.iopub).type != "execute_input" {}
    front.send("shutdown_request", on: .control)
    #expect(try front.receive(.control).type == "shutdown_reply")
    #expect(try front.receive(.shell).content["status"]?.text == "error")
    #expect(front.status() == .success(0))
  }

  @Test func aCellThatIgnoresItsInterruptionDoesNotHoldTheKernel() throws {
    let front = try FakeFrontEnd()
    front.sendExecute("hang")
    while try front.receive(.iopub).type != "execute_input" {}
    let start = ContinuousClock.now
    front.send("shutdown_request", on: .control)
    #expect(try front.receive(.control).type == "shutdown_reply")
    #expect(front.status() == .success(0))
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(front.log.contains("ignores its interruption"))
  }

  @Test func aSocketInUseIsNamed() throws {
    let context = try SocketContext()
    let squatter = try Socket(.router, in: context)
    let free = FakeFrontEnd.freePorts()
    let endpoint = "tcp://127.0.0.1:\(free.lowerBound + 3)"
    try squatter.bind(.control, to: endpoint)
    let ports = FakeFrontEnd.tcpPorts(free)
    let connection = try ConnectionFile(
      json: Array(#"{"transport":"tcp","ip":"127.0.0.1",\#(ports),"key":""}"#.utf8))
    let kernel = Kernel(connection: connection, interpreter: QuietInterpreter())
    do throws(KernelError) {
      _ = try kernel.run()
      Issue.record("the kernel started on a socket in use")
    } catch {
      guard case .cannotBind(.control, endpoint, _) = error else {
        Issue.record("wrong error: \(error)")
        return
      }
    }
  }

  @Test func theEndOfALauncherIsNoticed() throws {
    #expect(ParentWatch(launcher: nil) == nil)
    #expect(ParentWatch(launcher: "1") == nil)
    #expect(ParentWatch(launcher: "x") == nil)
    #expect(try #require(ParentWatch(launcher: "\(getppid())")).isParentGone == false)
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/true")
    try child.run()
    let watch = try #require(ParentWatch(launcher: "\(child.processIdentifier)"))
    child.waitUntilExit()
    #expect(watch.isParentGone)
  }

  @Test(arguments: [true, false]) func aShutdownOnShellIsObeyedAfterWhatIsQueuedBeforeIt(_ isRestart: Bool) throws {
    let front = try FakeFrontEnd()
    let cell = front.sendExecute("sleep 0.2")
    let shutdown = front.send("shutdown_request", #"{"restart":\#(isRestart)}"#)
    #expect(try front.receive(.shell).parent == cell)
    let reply = try front.receive(.shell)
    #expect(reply.parent == shutdown && reply.content["restart"] == .bool(isRestart))
    _ = try front.published(for: cell)
    #expect(try front.published(for: shutdown).map(\.state) == ["busy", "idle"])
    #expect(front.status() == .success(0))
  }

  @Test func controlIsBusyBeforeItInterrupts() throws {
    let front = try FakeFrontEnd()
    let cell = front.sendExecute("sleep 30")
    while try front.receive(.iopub).type != "execute_input" {}
    let interrupt = front.send("interrupt_request", on: .control)
    #expect(try front.receive(.iopub).parent == interrupt)
    #expect(try front.receive(.shell).parent == cell)
  }
}

/// The least that is an interpreter.
private struct QuietInterpreter: Interpreter {
  var languageInfo: LanguageInfo {
    LanguageInfo(
      name: "quiet", version: "1", mimetype: "text/plain", fileExtension: ".q", codemirrorMode: "none",
      pygmentsLexer: "text", banner: "", implementation: "quiet", implementationVersion: "1")
  }
  func execute(_ request: ExecuteRequest, context: ExecutionContext) -> ExecuteOutcome { .ok() }
  func complete(_ code: String, cursor: Int) -> Completions { Completions(matches: [], range: cursor..<cursor) }
  func inspect(_ code: String, cursor: Int, detail: Int) -> Inspection? { nil }
  func isComplete(_ code: String) -> Completeness { .unknown }
  func willShutDown() {}
}
