import CSharedMemory
import Foundation
import Inference

/// The memory that a network's workers share with this process: slots of tiles, and of rows.
///
/// A slot belongs to one side at a time, which messages pass on, so nothing in it is read and written at once.
///
/// `@unchecked Sendable`: of the mapping only slots are handed out, each to one request.
final class WorkerMemory: @unchecked Sendable {
  /// Where everything lies, in bytes from the start.
  struct Layout: Encodable, Equatable {
    let bytes: Int
    let slots: Int
    /// Tiles of a slot.
    let batch: Int
    let inputOffset: Int
    let inputStride: Int
    let outputOffset: Int
    let outputStride: Int

    /// Of the header, which is also a page.
    static let headerBytes = 4096

    init(_ compilation: NetworkCompilation, slots: Int) {
      func pages(_ bytes: Int) -> Int { (bytes + Self.headerBytes - 1) / Self.headerBytes * Self.headerBytes }
      self.slots = slots
      batch = compilation.batch
      inputOffset = Self.headerBytes
      inputStride = pages(compilation.batch * compilation.sidePixels * compilation.sidePixels * 3)
      outputOffset = inputOffset + slots * inputStride
      let width = compilation.layers.reduce(0) { $0 + $1.width }
      outputStride = pages(compilation.batch * width * MemoryLayout<Float>.size)
      bytes = outputOffset + slots * outputStride
    }
  }

  /// The first bytes of the header; after them the version of the protocol, as a little-endian number of four bytes.
  static let magic = Array("tessera\0".utf8)

  let layout: Layout
  let descriptor: Int32
  private let start: UnsafeMutableRawPointer

  /// - Throws: `engineUnavailable`.
  init(_ layout: Layout, engine: String) throws(InferenceError) {
    func failed() -> InferenceError {
      .engineUnavailable(
        engine: engine,
        reason: "there is no room for \(layout.bytes >> 20) MB of tiles (\(String(cString: strerror(errno))))")
    }
    let descriptor = tessera_shared_memory("tessera-\(engine)", layout.bytes)
    guard descriptor >= 0 else { throw failed() }
    let mapping = mmap(nil, layout.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let mapping, mapping != MAP_FAILED else {
      defer { close(descriptor) }
      throw failed()
    }
    self.layout = layout
    self.descriptor = descriptor
    start = mapping
    mapping.copyMemory(from: Self.magic, byteCount: Self.magic.count)
    mapping.storeBytes(of: UInt32(HostMessage.version).littleEndian, toByteOffset: 8, as: UInt32.self)
  }

  deinit {
    munmap(start, layout.bytes)
    close(descriptor)
  }

  func tiles(_ slot: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(
      start: start + layout.inputOffset + slot * layout.inputStride, count: layout.inputStride)
  }

  func rows(_ slot: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(
      start: start + layout.outputOffset + slot * layout.outputStride, count: layout.outputStride)
  }
}
