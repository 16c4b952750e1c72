import Files

extension ProjectError {
  /// The bytes of a file of a project.
  ///
  /// - Parameter role: what the file is in the project, for the message that it is missing.
  static func contents(of path: String, limit: Int, role: String) throws(ProjectError) -> [UInt8] {
    do throws(FileFault) {
      return try ReadableFile(path: path).contents(limit: limit)
    } catch {
      throw error.isMissing ? .missingFile(path: path, role: role) : .unreadable(path: path, reason: error.description)
    }
  }
}
