import EchoInterpreter
import Files
import Foundation
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct RegistrationTests {
  /// A launcher that waits for a kernel, which has started, to report its ports.
  private struct Launcher {
    let context: SocketContext
    let socket: Socket
    let kernel: Kernel
    let result = KernelResult()

    init(_ settings: String) throws {
      let file = try ConnectionFile(
        json: Array(#"{\#(settings),"key":"secret","signature_scheme":"hmac-sha256"}"#.utf8))
      context = try SocketContext()
      socket = try Socket(.router, in: context)
      try socket.bind(.shell, to: file.endpoint(of: try #require(file.launcher)))
      var options = Kernel.Options()
      options.handlesSignals = false
      options.capturesNativeOutput = false
      options.history = .memory
      kernel = Kernel(connection: file, interpreter: EchoInterpreter(), options: options)
      try KernelResult.start(kernel, reportingTo: result)
    }

    /// What the kernel says: the route to it, the signature and the parts signed.
    func receive() throws -> (route: [[UInt8]], signature: [UInt8], parts: [[UInt8]]) {
      Socket.wait(for: [socket], or: WakeSignal(), milliseconds: 5000)
      let frames = try #require(socket.receive())
      let delimiter = try #require(frames.firstIndex(of: MessageCodec.delimiter))
      return (Array(frames[..<delimiter]), frames[delimiter + 1], Array(frames[(delimiter + 2)...]))
    }

    /// Whether the kernel answers on its shell, and ends when told to.
    func finish(shell endpoint: String) throws {
      let shell = try Socket(.dealer, in: context)
      shell.connect(to: endpoint)
      let request = [#"{"msg_id":"a","msg_type":"kernel_info_request"}"#, "{}", "{}", "{}"].map { Array($0.utf8) }
      shell.send([MessageCodec.delimiter, signer.signature(of: request)] + request)
      Socket.wait(for: [shell], or: WakeSignal(), milliseconds: 5000)
      let parts = try #require(shell.receive()).dropFirst(2).map { try JSONValue(parsing: $0) }
      let faults = MessageSpecification.faults(
        header: parts[0], parent: parts[1], metadata: parts[2], content: parts[3], on: .shell)
      #expect(faults.isEmpty, "\(faults)")
      kernel.shutDown()
      #expect(result.wait(seconds: 3) == .success(0))
    }

    let signer = MessageSigner(key: Array("secret".utf8))
  }

  /// A place of the launcher and what comes before the number of a kernel's socket there.
  private static func place(_ transport: String, number: Int) -> (ip: String, port: Int, prefix: String) {
    if transport == "tcp" { return ("127.0.0.1", FakeFrontEnd.freePorts().lowerBound, "tcp://127.0.0.1:") }
    let ip = "/tmp/jk-\(UUID().uuidString.prefix(12))"
    return (ip, number, "ipc://\(ip)-")
  }

  @Test(arguments: ["tcp", "ipc"]) func aKernelWithAnIdentifierReportsItsPortsAsBareContent(_ transport: String) throws
  {
    let (ip, port, prefix) = Self.place(transport, number: 17)
    let launcher = try Launcher(
      #""transport":"\#(transport)","registration_ip":"\#(ip)","registration_port":\#(port),"kernel_id":"k 1""#)
    let (route, signature, parts) = try launcher.receive()
    _ = try launcher.signer.verify(signature, of: parts)
    #expect(parts.count == 1 && route.count == 1)
    let content = try #require(try JSONValue(parsing: parts[0]).members)
    #expect(content["kernel_id"]?.text == "k 1")
    let ports = ConnectionFile.Channel.allCases.compactMap { content["\($0.rawValue)_port"]?.text.flatMap(Int.init) }
    #expect(Set(ports).count == 5 && content.count == 6)
    // An acknowledgement need not be JSON.
    let acknowledgement = Array("ACK".utf8)
    launcher.socket.send(
      route + [MessageCodec.delimiter, launcher.signer.signature(of: [acknowledgement]), acknowledgement])
    try launcher.finish(shell: prefix + (content["shell_port"]?.text ?? ""))
  }

  @Test func aLauncherWithoutTheKeyIsNotBelieved() throws {
    let (ip, port, _) = Self.place("ipc", number: 3)
    let launcher = try Launcher(
      #""transport":"ipc","registration_ip":"\#(ip)","registration_port":\#(port),"kernel_id":"k""#)
    let (route, signature, _) = try launcher.receive()
    launcher.socket.send(route + [MessageCodec.delimiter, signature, Array("ACK".utf8)])
    guard case .failure(.notRegistered(_, let reason)) = launcher.result.wait(seconds: 3) else {
      Issue.record("the kernel runs")
      return
    }
    #expect(reason.contains("signature"))
  }

  @Test(arguments: ["tcp", "ipc"]) func aKernelWithoutAnIdentifierReportsItsPortsInAMessage(_ transport: String) throws
  {
    let (ip, port, prefix) = Self.place(transport, number: 18)
    let launcher = try Launcher(#""transport":"\#(transport)","ip":"\#(ip)","registration_port":\#(port)"#)
    let (route, signature, parts) = try launcher.receive()
    _ = try launcher.signer.verify(signature, of: parts)
    let values = try parts.map { try JSONValue(parsing: $0) }
    #expect(values[0]["msg_type"]?.text == "handshake_request")
    #expect(
      MessageSpecification.faults(header: values[0], parent: values[1], metadata: values[2], content: values[3]).isEmpty
    )
    // The route from a request socket ends with an empty frame.
    #expect(route.last == [])
    launcher.socket.send(route + Self.reply("ok", to: parts[0]))
    guard case .integer(let shellPort)? = values[3]["shell_port"] else { return }
    try launcher.finish(shell: "\(prefix)\(shellPort)")
  }

  @Test func aLauncherThatRefusesEndsTheKernel() throws {
    let (ip, port, _) = Self.place("ipc", number: 9)
    let launcher = try Launcher(#""transport":"ipc","ip":"\#(ip)","registration_port":\#(port)"#)
    let (route, _, parts) = try launcher.receive()
    launcher.socket.send(route + Self.reply("error", to: parts[0]))
    guard case .failure(.notRegistered(_, let reason)) = launcher.result.wait(seconds: 3) else {
      Issue.record("the kernel runs")
      return
    }
    #expect(reason.contains("error"))
  }

  private static func reply(_ status: String, to header: [UInt8]) -> [[UInt8]] {
    MessageCodec(key: Array("secret".utf8)).encode(
      OutgoingMessage(
        type: "handshake_reply", content: .object([("status", .string(status))]),
        parentHeader: JSONFragment(verbatim: header)))
  }
}
