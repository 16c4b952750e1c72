import CommandLanguage
import Foundation

/// The file system as the language's checks and completion see it.
package struct LocalFiles: FileLooker {
  package init() {}

  package func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  package func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  package func list(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  package var homeFolder: String { NSHomeDirectory() }
  package func homeFolder(of user: String) -> String? { getpwnam(user).map { String(cString: $0.pointee.pw_dir) } }
}
