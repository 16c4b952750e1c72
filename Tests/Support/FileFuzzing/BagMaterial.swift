import FeatureStore
import Foundation

/// Feature files of other programs, and changes of them.
enum BagMaterial {
  /// What h5py, NumPy and PyTorch wrote for the tests of the readers.
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "FeatureStoreTests/Bags/Fixtures").path

  private static func files(_ ending: String) -> [[UInt8]] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: fixtures)) ?? []).sorted()
    return names.filter { $0.hasSuffix(ending) }.compactMap { name in
      FileManager.default.contents(atPath: fixtures + "/" + name).map { Array($0) }
    }
  }

  static let hdf5 = files(".h5")
  static let torch = files(".pt")
  private static let indexes = files(".npz")
  private static let configuration = """
    {"extractor": {"class": "resnet50", "kwargs": {"a": 1}}, "normalizer": {"method": "reinhard", "fit": null},
     "num_features": 4, "tile_px": 224, "tile_um": 112}
    """

  private static let tables = [
    """
    Slide,Tile,Location_x,Location_y,Logit_0,Logit_1,Feature_0,Feature_1
    "S, 1",0,624,1136,-1.5,2.25,0.125,1e-3
    S-2,0,848,1136,1,2,4,nan

    """,
    "Slide,Class_0,Class_1,Feature_0\nA,0.25,0.75,1\nB,0,1,2\nA,1,0,3\n",
    "slide;x;y;0;1\nA;0;0;1;2\nA;224;0;3;4\n",
  ]

  static func table(_ dice: inout Dice) -> [UInt8] { TextMutation.mutated(dice.pick(tables), &dice) }

  static func configuration(_ dice: inout Dice) -> [UInt8] {
    TextMutation.mutated(configuration, &dice, isJSON: true)
  }

  // MARK: Archives

  /// A whole file with bytes changed, or a right archive of a wrong pickle.
  static func torchFile(_ dice: inout Dice) -> [UInt8] {
    let file = dice.pick(torch)
    guard dice.chance(75), let pickle = pickle(in: file) else {
      return ByteMutation.mutated(file, &dice, other: dice.pick(torch))
    }
    let numbers = [UInt8](repeating: UInt8(dice.below(256)), count: dice.pick([0, 1, 80, 80, 252, 4096]))
    var entries = [ZipFile.Entry(name: "a/data.pkl", content: changed(pickle, &dice), isDeflated: dice.chance(20))]
    for key in 0..<2 {
      var entry = ZipFile.Entry(name: "a/data/\(key)", content: numbers, breaksChecksum: dice.chance(10))
      if dice.chance(10) { entry.claimedByteCount = dice.edge() }
      if dice.chance(10) { entry.claimedStoredByteCount = dice.edge() }
      entry.isDeflated = dice.chance(5)
      entries.append(entry)
    }
    if dice.chance(10) { entries.append(ZipFile.Entry(name: "a/byteorder", content: Array("big".utf8))) }
    let archive = ZipFile.archive(entries)
    return dice.chance(10) ? ByteMutation.mutated(archive, &dice) : archive
  }

  /// The first entry of an archive that PyTorch wrote.
  private static func pickle(in file: [UInt8]) -> [UInt8]? {
    guard file.starts(with: [0x50, 0x4B, 3, 4]) else { return nil }
    let start = 30 + Int(file.number(at: 26, byteCount: 2) + file.number(at: 28, byteCount: 2))
    guard let end = file.indices.dropFirst(start).first(where: { file[$0...].starts(with: [0x50, 0x4B, 7, 8]) }) else {
      return nil
    }
    return Array(file[start..<end])
  }

  /// Numbers replaced by others, opcodes by others, runs repeated.
  private static func changed(_ pickle: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = pickle
    for _ in 0...dice.size(upTo: 6) {
      let place = dice.below(bytes.count)
      switch dice.below(6) {
      case 0: bytes = ByteMutation.mutated(bytes, &dice, other: pickle)
      case 1:
        var number: [UInt8] = [0x8A, 8]
        number.append(dice.edge(), byteCount: 8)
        replaceNumber(&bytes, near: place, with: number)
      case 2: replaceNumber(&bytes, near: place, with: [0x4B, UInt8(dice.below(8))])
      case 3:
        var number: [UInt8] = [0x4A]
        number.append(dice.edge(), byteCount: 4)
        replaceNumber(&bytes, near: place, with: number)
      case 4:
        let opcodes: [UInt8] = [
          0x28, 0x30, 0x31, 0x32, 0x4E, 0x88, 0x29, 0x5D, 0x7D, 0x85, 0x74, 0x52, 0x62, 0x61, 0x75, 0x51, 0x94,
        ]
        bytes.insert(
          contentsOf: [UInt8](repeating: dice.pick(opcodes), count: dice.pick([1, 1, 3, 200_000])), at: place)
      default: bytes.insert(contentsOf: bytes[dice.range(in: bytes.count, longest: 60)], at: place)
      }
      if bytes.isEmpty { bytes = [0x2E] }
    }
    return bytes
  }

  private static func replaceNumber(_ bytes: inout [UInt8], near place: Int, with number: [UInt8]) {
    guard let start = bytes[place...].firstIndex(where: { $0 == 0x4B || $0 == 0x4D }) else { return }
    let end = min(bytes.count, start + (bytes[start] == 0x4B ? 2 : 3))
    bytes.replaceSubrange(start..<end, with: number)
  }

  /// slideflow's places of tiles, of any shape and kind.
  static func index(_ dice: inout Dice) -> [UInt8] {
    if dice.chance(30) { return ByteMutation.mutated(dice.pick(indexes), &dice) }
    let rows = dice.pick([5, 5, 5, 4, 0, 1])
    let numbers = (0..<rows * 2).map { _ in dice.chance(90) ? dice.below(10_000) : Int(truncatingIfNeeded: dice.edge())
    }
    let shape =
      dice.chance(80) ? nil : dice.pick(["(5,)", "(\(dice.edge()), 2)", "(2, \(dice.edge()))", "()", "(5, 2, 1)"])
    let array = ZipFile.array(
      numbers, kind: dice.pick(["<i8", "<i8", "<f8", "<f4", "<i4", ">i8", "|O", "<u4"]), shape: shape,
      isFortran: dice.chance(5))
    var entry = ZipFile.Entry(
      name: dice.chance(95) ? "arr_0.npy" : "a.npy",
      content: dice.chance(80) ? array : ByteMutation.mutated(array, &dice), isDeflated: dice.chance(50))
    if dice.chance(10) { entry.claimedByteCount = dice.edge() }
    if dice.chance(10) { entry.claimedStoredByteCount = dice.edge() }
    let archive = ZipFile.archive([entry])
    return dice.chance(10) ? ByteMutation.mutated(archive, &dice) : archive
  }

  /// Bytes of an HDF5 file: where little is changed, the library reads far.
  static func hdf5File(_ dice: inout Dice) -> [UInt8] {
    var bytes = dice.pick(hdf5)
    guard dice.chance(80) else { return ByteMutation.mutated(bytes, &dice, other: dice.pick(hdf5)) }
    for _ in 0...dice.below(4) {
      // Data is often zero; what is not describes the file.
      let place = dice.below(bytes.count)
      let found = bytes[place...].firstIndex { $0 != 0 } ?? place
      switch dice.below(3) {
      case 0: bytes[found] ^= 1 << UInt8(dice.below(8))
      case 1: bytes[found] = UInt8(dice.below(256))
      default: ByteMutation.overwrite(&bytes, at: found, with: dice.edge(), byteCount: dice.pick([1, 2, 4, 8]), false)
      }
    }
    return bytes
  }
}
