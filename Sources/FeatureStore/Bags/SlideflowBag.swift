import Archives
package import FeatureData
import Glibc

/// Writes features as slideflow's bags: `SLIDE.pt`, `SLIDE.index.npz` and one `bags_config.json` a folder.
///
/// `torch.load` reads the tensor with `weights_only=True`, and also maps it: numbers begin at a multiple of 64 bytes. The
/// bytes depend on the features alone.
package enum SlideflowBag {
  /// Writes one slide.
  ///
  /// - Parameters:
  ///   - centres: one for each row, in level-0 pixels; nil writes no index.
  package static func write(
    _ features: Matrix, centres: [TileLocation]?, slide: String, to folder: String
  ) throws(BagError) {
    let slide = FeatureStore.fileName(of: slide)
    let path = folder + "/" + slide + ".pt"
    try file(path) { descriptor throws(ArchiveFault) in
      var zip = ZipWriter(descriptor, alignment: 64)
      try zip.add(slide + "/data.pkl", pickle(of: features))
      try zip.add(slide + "/.format_version", Array("1".utf8))
      try zip.add(slide + "/.storage_alignment", Array("64".utf8))
      try zip.add(slide + "/byteorder", Array("little".utf8))
      var fault: ArchiveFault?
      features.elements.withUnsafeBytes { bytes in
        do throws(ArchiveFault) { try zip.add(slide + "/data/0", bytes) } catch { fault = error }
      }
      if let fault { throw fault }
      try zip.add(slide + "/version", Array("3\n".utf8))
      try zip.finish()
    }
    guard let centres else { return }
    try file(SlideflowIndex.path(besides: path)) { descriptor throws(ArchiveFault) in
      var zip = ZipWriter(descriptor)
      try zip.add("arr_0.npy", NumPyFormat.array(pairs: centres.map { ($0.x, $0.y) }))
      try zip.finish()
    }
  }

  /// Writes what the bags of a folder were made with.
  package static func write(_ configuration: SlideflowConfiguration, to folder: String) throws(BagError) {
    try file(folder + "/" + SlideflowConfiguration.fileName) { descriptor throws(ArchiveFault) in
      let bytes = Array(configuration.json.utf8)
      guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
        throw .system(reason: String(cString: strerror(errno)))
      }
    }
  }

  /// Writes a file whole: to a temporary name, synced, renamed.
  private static func file(_ path: String, _ body: (Int32) throws(ArchiveFault) -> Void) throws(BagError) {
    do throws(FeatureStoreError) {
      try AtomicFile.write(path) { temporary throws(FeatureStoreError) in
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        do throws(ArchiveFault) {
          try body(descriptor)
        } catch {
          throw .cannotWrite(path: path, reason: error.description)
        }
      }
    } catch {
      guard case .cannotWrite(_, let reason) = error else { throw .cannotWrite(path: path, reason: error.reason) }
      throw .cannotWrite(path: path, reason: reason)
    }
  }

  /// The pickle of one float tensor, row-major, in protocol 2: `torch._utils._rebuild_tensor_v2` of storage "0".
  private static func pickle(of features: Matrix) -> [UInt8] {
    var bytes: [UInt8] = [0x80, 2]
    func integer(_ value: Int) {
      switch value {
      case 0...0xFF: bytes += [0x4B, UInt8(value)]
      case 0...0xFFFF: bytes += [0x4D] + little(value, 2)
      case 0...Int(Int32.max): bytes += [0x4A] + little(value, 4)
      default: bytes += [0x8A, 8] + little(value, 8)
      }
    }
    func text(_ value: String) { bytes += [0x58] + little(value.utf8.count, 4) + Array(value.utf8) }
    func global(_ module: String, _ name: String) { bytes += Array("c\(module)\n\(name)\n".utf8) }
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
    global("torch._utils", "_rebuild_tensor_v2")
    bytes += [0x28, 0x28]
    text("storage")
    global("torch", "FloatStorage")
    text("0")
    text("cpu")
    integer(features.elements.count)
    bytes += [0x74, 0x51]
    integer(0)
    integer(features.rowCount)
    integer(features.columnCount)
    bytes.append(0x86)
    integer(features.columnCount)
    integer(1)
    bytes += [0x86, 0x89]
    global("collections", "OrderedDict")
    return bytes + [0x29, 0x52, 0x74, 0x52, 0x2E]
  }
}
