package import FeatureData
import Files

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
    try writing(path) { () throws(FileFault) in
      var file = try UnfinishedFile(path: path)
      var zip = ZipWriter(file.descriptor, alignment: 64)
      try zip.add(slide + "/data.pkl", pickle(of: features))
      try zip.add(slide + "/.format_version", Array("1".utf8))
      try zip.add(slide + "/.storage_alignment", Array("64".utf8))
      try zip.add(slide + "/byteorder", Array("little".utf8))
      try features.elements.withUnsafeBufferPointer { numbers throws(FileFault) in
        try zip.add(slide + "/data/0", UnsafeRawBufferPointer(numbers))
      }
      try zip.add(slide + "/version", Array("3\n".utf8))
      try zip.finish()
      try file.finish()
    }
    guard let centres else { return }
    let indexPath = SlideflowIndex.path(besides: path)
    try writing(indexPath) { () throws(FileFault) in
      try NumPyArchive.write([("arr_0", centres.map { ($0.x, $0.y) })], to: indexPath)
    }
  }

  /// Writes what the bags of a folder were made with.
  package static func write(_ configuration: SlideflowConfiguration, to folder: String) throws(BagError) {
    let path = folder + "/" + SlideflowConfiguration.fileName
    try writing(path) { () throws(FileFault) in try WholeFile.write(configuration.json, to: path) }
  }

  private static func writing(_ path: String, _ body: () throws(FileFault) -> Void) throws(BagError) {
    do throws(FileFault) { try body() } catch { throw .cannotWrite(path: path, reason: error.description) }
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
