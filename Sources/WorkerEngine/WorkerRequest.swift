import Inference

/// One slot of a network's memory, and its batch.
final class WorkerRequest: InferenceRequest {
  private let network: WorkerNetwork
  private let slot: Int
  private var isOurs = true

  /// What rows hold before they are computed: a number that is none, and none that is ever computed.
  private static let unwritten: UInt32 = 0x7FA5_C3E1

  init(_ network: WorkerNetwork, slot: Int) {
    self.network = network
    self.slot = slot
  }

  deinit { if isOurs { network.release(slot) } }

  private var compilation: NetworkCompilation { network.compilation }

  var input: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(
      rebasing: network.memory.tiles(slot).bindMemory(to: UInt8.self)[
        ..<(compilation.batch * compilation.sidePixels * compilation.sidePixels * 3)])
  }

  func run(count: Int, isStopping: () -> Bool) throws(InferenceError) -> Bool {
    for (start, width) in blocks { network.memory.words(slot, start, count * width).update(repeating: Self.unwritten) }
    let device = network.leastLoaded()
    var process = device.current
    var tries = 0
    while true {
      tries += 1
      do throws(WorkerFault) {
        guard try process.whenReady(isStopping: isStopping) != nil else { return false }
        let slot = slot
        // Weak, for a worker with a batch that nobody waits for would otherwise keep the network that ends it.
        let isDone = try process.compute(
          slot: slot, count: count, isStopping: isStopping, abandoned: { [weak network] in network?.release(slot) })
        if isDone { break }
        isOurs = false
        return false
      } catch {
        func failure() -> InferenceError { error.error(engine: network.engine, device: device.name, tries: tries) }
        guard error.isWorthAnotherTry, tries == 1 else { throw failure() }
        do throws(WorkerFault) { process = try device.successor(of: process, error) } catch { throw failure() }
      }
    }
    try check(count, device)
    return true
  }

  /// Where the rows of each layer begin in the slot, in numbers, and how many there are for a tile.
  private var blocks: [(start: Int, width: Int)] {
    var start = 0
    return network.widths.map { width in
      defer { start += compilation.batch * width }
      return (start, width)
    }
  }

  private func check(_ count: Int, _ device: WorkerDevice) throws(InferenceError) {
    for ((start, width), layer) in zip(blocks, compilation.layers) {
      let words = network.memory.words(slot, start, count * width)
      // An exponent of ones is that of infinity and of what is no number.
      guard let place = words.firstIndex(where: { $0 & 0x7F80_0000 == 0x7F80_0000 }) else { continue }
      let isUnwritten = words[place] == Self.unwritten
      let what = "layer “\(layer.name)” of tile \(place / width) of a batch"
      throw .workerFailed(
        engine: network.engine, device: device.name,
        reason: isUnwritten
          ? "said that it was done, and left out \(what)"
          : "computed NaN or infinity in \(what)"
            + (compilation.precision == .fp16 ? ", as happens above 65504 in fp16" : ""),
        remedy: isUnwritten
          ? "engine=openvino, or another version of that engine"
          : compilation.precision == .fp16 ? "precision=bf16" : "engine=openvino, which keeps such tiles and says which"
      )
    }
  }

  func output(_ index: Int) throws(InferenceError) -> UnsafeBufferPointer<Float> {
    let (start, width) = blocks[index]
    let words = network.memory.words(slot, start, compilation.batch * width)
    return UnsafeBufferPointer(UnsafeMutableRawBufferPointer(words).bindMemory(to: Float.self))
  }
}

extension WorkerMemory {
  /// Numbers of a slot's rows, as the bits that they are.
  fileprivate func words(_ slot: Int, _ start: Int, _ count: Int) -> UnsafeMutableBufferPointer<UInt32> {
    UnsafeMutableBufferPointer(rebasing: rows(slot).bindMemory(to: UInt32.self)[start..<start + count])
  }
}
