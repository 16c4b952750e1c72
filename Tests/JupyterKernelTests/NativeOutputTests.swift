import Files
import Foundation
import JupyterWire
import Synchronization
import Testing

@testable import JupyterKernel

/// The test runner prints to the same descriptors, so what arrives is searched rather than compared.
@Suite(.serialized) struct NativeOutputTests {
  @Test func aCharacterIsNotCutInTwo() {
    #expect(NativeOutput.wholeCharacters([]) == 0)
    #expect(NativeOutput.wholeCharacters(Array("abc".utf8)) == 3)
    let text = Array("a😀".utf8)
    #expect((1...5).map { NativeOutput.wholeCharacters(Array(text[..<$0])) } == [1, 1, 1, 1, 5])
    #expect(NativeOutput.wholeCharacters([0x80, 0x80, 0x80, 0x80]) == 4)
  }

  @Test func whatACLibraryPrintsAppearsInTheCell() throws {
    let front = try FakeFrontEnd(captures: true)
    let (_, published) = try front.execute("native printed é")
    let texts = published.filter { $0.type == "stream" }.compactMap { $0.content["text"]?.text }
    // The test runner prints to the same descriptors, so there may be more.
    #expect(texts.joined().contains("printed é"))
    // More than a pipe holds, through the C library's buffer and lock.
    let flood = try front.execute("print 20000").published.filter { $0.type == "stream" }
    let lines = flood.compactMap { $0.content["text"]?.text }.joined().split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("native line ") }.count == 20_000)
    front.send("shutdown_request", #"{"restart":false}"#, on: .control)
    #expect(front.status() == .success(0))
  }

  private func text(_ published: [FakeFrontEnd.Message]) -> String {
    published.filter { $0.type == "stream" }.compactMap { $0.content["text"]?.text }.joined()
  }

  @Test func anotherThreadsTextWithoutNewLineIsInTheCellThatWaitsForIt() throws {
    let front = try FakeFrontEnd(
      interpreter: ScriptedInterpreter { _, _ in
        let thread = try? KernelThread(name: "library") { print("no new line", terminator: "") }
        _ = thread?.join(milliseconds: 5000)
      }, captures: true)
    #expect(text(try front.execute("a").published).contains("no new line"))
  }

  @Test func tenMegabytesArriveWhole() throws {
    let front = try FakeFrontEnd(
      interpreter: ScriptedInterpreter { _, _ in
        let block = [UInt8](repeating: UInt8(ascii: "#"), count: 10_000_000)
        var start = 0
        while start < block.count { start += max(0, write(STDOUT_FILENO, Array(block[start...]), block.count - start)) }
      }, captures: true)
    #expect(text(try front.execute("a").published).utf8.filter { $0 == UInt8(ascii: "#") }.count == 10_000_000)
  }

  @Test func aLineIsShownWhileTheCellStillRuns() throws {
    let front = try FakeFrontEnd(
      interpreter: ScriptedInterpreter { _, context in
        print("so far so good")
        _ = context.wait(milliseconds: 30_000)
      }, captures: true)
    front.sendExecute("a")
    var heard = ""
    while !heard.contains("so far so good") { heard += text([try front.receive(.iopub, seconds: 5)]) }
    front.send("interrupt_request", on: .control)
    #expect(try front.receive(.shell).type == "execute_reply")
  }

  @Test func aThreadThatNeverStopsPrintingDoesNotHoldTheCell() throws {
    let isDone = Flag()
    let front = try FakeFrontEnd(
      interpreter: ScriptedInterpreter { _, context in
        let block = [UInt8](repeating: UInt8(ascii: "#"), count: 65_536)
        _ = try? KernelThread(name: "library") { while !isDone.isSet { _ = write(STDOUT_FILENO, block, block.count) } }
        _ = context.wait(milliseconds: 100)
      }, captures: true)
    let reply = try front.execute("a").reply
    isDone.set()
    #expect(reply.content["status"]?.text == "ok")
  }

  @Test func whatIsPrintedBetweenCellsGoesToTheLog() throws {
    let front = try FakeFrontEnd(interpreter: ScriptedInterpreter { _, _ in }, captures: true)
    _ = try front.execute("a")
    print("too late", terminator: "")
    #expect(!text(try front.execute("b").published).contains("too late"))
    #expect(front.log.contains("too late"))
  }

  @Test func whatAnExpressionPrintsIsInItsCell() throws {
    var interpreter = ScriptedInterpreter { _, _ in }
    interpreter.value = { expression in
      print("looking at \(expression)")
      return .success(MIMEBundle(plain: expression))
    }
    let front = try FakeFrontEnd(interpreter: interpreter, captures: true)
    let published = try front.execute("a", extra: #","user_expressions":{"n":"x+1"}"#).published
    #expect(text(published).contains("looking at x+1"))
  }
}

private final class Flag: Sendable {
  private let value = Atomic<Bool>(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
