import FeatureData
import FeatureStore
import Foundation
import Glibc

extension FileKind {
  /// Tensors, arrays, tables and places of other programs, read by this process.
  static func bag(_ scratch: ScratchFiles, _ dice: inout Dice) -> [String] {
    let path: String
    switch dice.below(5) {
    case 4: path = scratch.write(BagMaterial.index(&dice), as: "S1.npz")
    case 0: path = scratch.write(BagMaterial.table(&dice), as: "S1.csv")
    case 1:
      path = scratch.write(dice.pick(BagMaterial.torch), as: "S1.pt")
      scratch.write(BagMaterial.index(&dice), as: "S1.index.npz")
      if dice.chance(30) { scratch.write(BagMaterial.configuration(&dice), as: "bags_config.json") }
    default: path = scratch.write(BagMaterial.torchFile(&dice), as: "S1.pt")
    }
    do throws(BagError) {
      let bags = try ForeignBag.read(
        path: path,
        BagRequest(
          micronsPerPixel: dice.chance(50) ? 0.5 : nil, key: dice.chance(10) ? "features" : nil,
          tileSide: dice.chance(20) ? .microns(100) : nil, contents: dice.chance(20) ? .scores : .features))
      var faults = faults(of: bags)
      guard dice.chance(10) else { return faults }
      let transfer = scratch.path + "/bags"
      try BagTransfer.write(bags, to: transfer)
      let bytes = FileManager.default.contents(atPath: transfer).map { Array($0) } ?? []
      if dice.chance(80) { scratch.write(ByteMutation.mutated(bytes, &dice), as: "bags") }
      faults += try received(transfer, of: path)
      return faults
    } catch {
      return faults(of: error)
    }
  }

  /// An HDF5 file, read by a process of its own: its library may crash, but this program's code may not.
  ///
  /// - Returns: nothing where this is not the program that reads such files for itself.
  static func hdf5(_ scratch: ScratchFiles, _ dice: inout Dice) -> [String] {
    let path = scratch.write(BagMaterial.hdf5File(&dice), as: "S1.h5")
    let transfer = scratch.write([], as: "bags")
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
      program.hasSuffix("/fuzz-files")
    else { return [] }
    let words = ["fuzz-files", "--read-bag", path, "--into", transfer]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child: pid_t = 0
    guard posix_spawn(&child, "/proc/self/exe", nil, nil, &arguments, environ) == 0 else {
      return ["No process can be started."]
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    switch status & 0x7F {
    case 0 where status >> 8 & 0xFF == 0:
      do throws(BagError) { return try received(transfer, of: path) } catch { return ["Its answer: \(error)"] }
    case 0: return status >> 8 & 0xFF == 3 ? [] : ["It ended with status \(status >> 8 & 0xFF)."]
    // Swift's traps; the library has signals of its own.
    case SIGILL, SIGTRAP: return ["The reader trapped."]
    default: return []
    }
  }

  /// Reads a feature file within limits, as the kernel's own process does: 0 where it could be read, 3 where it is refused
  /// with words, 4 without.
  package static func readBag(_ path: String, into transfer: String) -> Int32 {
    for (resource, most) in [(RLIMIT_AS, 8 << 30), (RLIMIT_CPU, 10), (RLIMIT_CORE, 0)] as [(__rlimit_resource, UInt)] {
      var limit = rlimit(rlim_cur: most, rlim_max: most)
      setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
    alarm(20)
    do throws(BagError) {
      try BagTransfer.write(try ForeignBag.read(path: path, micronsPerPixel: 0.5), to: transfer)
      return 0
    } catch {
      return faults(of: error).isEmpty ? 3 : 4
    }
  }

  private static func received(_ transfer: String, of path: String) throws(BagError) -> [String] {
    let descriptor = open(transfer, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    return faults(of: try BagTransfer.read(descriptor, of: path))
  }

  private static func faults(of bags: [ForeignBag]) -> [String] {
    var faults: [String] = []
    for bag in bags {
      let rows = bag.features.rowCount
      if bag.corners.map({ $0.count != rows }) ?? false { faults.append("Corners of other tiles.") }
      if bag.centres.map({ $0.count != rows }) ?? false { faults.append("Centres of other tiles.") }
      if bag.logits.map({ $0.rowCount != rows }) ?? false { faults.append("Logits of other tiles.") }
      if bag.quantities.contains(where: { $0.values.count != rows }) { faults.append("Numbers of other tiles.") }
      if bag.slide.isEmpty { faults.append("A slide without a name.") }
      if bag.isSlideLevel, rows != 1 { faults.append("\(rows) rows for a whole slide.") }
      if bag.assumptions.contains(where: \.isEmpty) { faults.append("An assumption without words.") }
    }
    return faults
  }
}
