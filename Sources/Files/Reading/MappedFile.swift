import Glibc

/// A regular file mapped whole and read-only into memory.
package final class MappedFile: Sendable {
  package let path: String
  package let stamp: ReadableFile.Stamp
  private let region: MappedRegion
  private let descriptor: Int32

  package init(path: String) throws(FileFault) {
    let (descriptor, status) = try ReadableFile.open(path)
    do throws(FileFault) {
      region = try MappedRegion(descriptor, byteCount: Int(status.st_size))
    } catch {
      close(descriptor)
      throw error
    }
    stamp = ReadableFile.Stamp(status)
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  package var byteCount: Int { stamp.byteCount }
  /// For as long as this object lives.
  package var bytes: UnsafeRawBufferPointer { region.bytes }

  /// Lets the pages that were read count no more as this process's memory; they stay in the system's cache of the file.
  package func giveBackPages() { region.giveBackPages() }

  /// Where the next bytes at or behind an offset are that the file system holds; what lies before are zeros that take
  /// no room on the disk. Nil if there are none.
  package func dataOffset(from offset: Int) -> Int? {
    // SEEK_DATA, which Swift's Glibc does not import.
    let found = lseek(descriptor, off_t(offset), 3)
    return found >= 0 ? Int(found) : errno == ENXIO ? nil : offset
  }

  /// False once the file is shorter than when it was mapped: touching the lost pages would end the process.
  package var isWhole: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && Int(status.st_size) >= byteCount
  }
}
