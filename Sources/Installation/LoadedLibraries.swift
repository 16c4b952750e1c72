import Foundation

/// The shared libraries that this process has mapped.
enum LoadedLibraries {
  /// Their real paths, sorted.
  static func paths() throws(InstallationError) -> [String] {
    // The kernel gives this file a page at a time and no size, so it is read until it ends.
    let file = FileHandle(forReadingAtPath: "/proc/self/maps")
    var maps = Data()
    while let part = try? file?.read(upToCount: 1 << 16), !part.isEmpty { maps += part }
    if maps.isEmpty { throw .cannotRead(path: "/proc/self/maps", reason: "it is needed to know the libraries") }
    return paths(inMaps: String(decoding: maps, as: UTF8.self))
  }

  /// Reads text of the form of /proc/self/maps.
  static func paths(inMaps maps: String) -> [String] {
    let paths = maps.split(separator: "\n").compactMap { line -> String? in
      guard let slash = line.firstIndex(of: "/") else { return nil }
      let path = String(line[slash...])
      let name = path.split(separator: "/").last ?? ""
      return name.hasSuffix(".so") || name.contains(".so.") ? path : nil
    }
    return Set(paths.filter { !$0.hasSuffix(" (deleted)") }).sorted()
  }

  /// Whether a library is Debian's, and thus found on every machine where the packages are.
  static func isDebians(_ path: String) -> Bool {
    let system = ["/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"].contains { path.hasPrefix($0) }
    // A toolchain unpacked into /usr keeps its libraries here.
    return system && !path.hasPrefix("/usr/lib/swift/")
  }
}
