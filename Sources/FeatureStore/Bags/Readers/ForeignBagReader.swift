/// Reads one form of file in which other programs keep the features of slides.
package protocol ForeignBagReader {
  /// How its files end: with the dot, in lower case.
  static var endings: [String] { get }
  /// Further endings, which are not told to users.
  static var rareEndings: [String] { get }
  /// The programs that it tells apart.
  static var kinds: [BagKind] { get }
  /// Whether a damaged file can crash the library that reads it: only a process of its own should read one.
  static var canCrash: Bool { get }
  /// Files of a higher rank count only where there are none of a lower one beside them: they tell about those, or are aids.
  static var rank: Int { get }

  /// Files that belong to a feature file, whether they are there or not.
  static func companions(of file: String) -> [String]

  /// - Returns: one bag for each slide.
  static func read(_ path: String, _ request: BagRequest) throws(BagError) -> [ForeignBag]
}

extension ForeignBagReader {
  package static var rareEndings: [String] { [] }
  package static var canCrash: Bool { false }
  package static var rank: Int { 0 }
  package static func companions(of file: String) -> [String] { [] }
}

/// All forms of file that are read: a new one is a file of its own and its line here.
package enum ForeignBagReaders {
  package static var all: [any ForeignBagReader.Type] {
    [
      HDF5Bag.self,
      TorchBag.self,
      NumPyBag.self,
      CSVBag.self,
    ]
  }

  /// The reader of a file, by its ending.
  package static func reader(of path: String) -> (any ForeignBagReader.Type)? {
    let name = path.lowercased()
    return all.first { reader in (reader.endings + reader.rareEndings).contains { name.hasSuffix($0) } }
  }

  /// Such as ".h5, .hdf5, .pt or .csv".
  static var endings: String {
    let endings = all.flatMap { $0.endings }
    return endings.dropLast().joined(separator: ", ") + " or " + (endings.last ?? "")
  }
}
