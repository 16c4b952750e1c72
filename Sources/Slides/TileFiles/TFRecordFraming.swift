import Files

/// One record of a TFRecord file: where its frame lies.
package struct TFRecord: Sendable, Equatable {
  /// Where the frame starts in the file.
  package let offset: Int
  /// The whole frame: 8 bytes length, 4 checksum, the payload, 4 checksum. For a damaged frame, the bytes up to
  /// the next sound one.
  package let byteCount: Int
  /// Set if the frame itself is damaged; the payload's checksum is checked when it is read.
  package let fault: RecordFault?

  package init(offset: Int, byteCount: Int, fault: RecordFault? = nil) {
    self.offset = offset
    self.byteCount = byteCount
    self.fault = fault
  }

  static let headerByteCount = 12
  static let footerByteCount = 4
  var payload: Range<Int> { offset + Self.headerByteCount..<offset + byteCount - Self.footerByteCount }
}

/// Finds the records of a TFRecord file by their framing, without looking at what they hold.
enum TFRecordFraming {
  /// So many bytes are searched for the next frame behind damaged ones, in all of a file; zeros count an eighth.
  static let searchLimit = 32 << 20

  /// All records in file order; damaged ones are among them with their fault.
  ///
  /// After a damaged length the next frame is looked for byte by byte: eight bytes whose checksum fits and whose
  /// record ends inside the file with a checksum that fits, which chance gives once in 2⁶⁴ places. When a file has
  /// been searched for long enough, what is left of it is one damaged record.
  /// - Parameter nextData: skips what is no data on the disk, as `MappedFile.dataOffset`.
  /// - Complexity: O(records) for a sound file; O(bytes) over a damaged frame, up to `searchLimit`.
  static func scan(
    _ bytes: UnsafeRawBufferPointer, nextData: (Int) -> Int? = { $0 }
  ) -> [TFRecord] {
    var records: [TFRecord] = []
    var search = FrameSearch(bytes: bytes, limit: searchLimit)
    var offset = 0
    while offset < bytes.count {
      let available = bytes.count - offset
      guard available >= TFRecord.headerByteCount else {
        let expected = TFRecord.headerByteCount + TFRecord.footerByteCount
        records.append(truncated(at: offset, expected: expected, available: available))
        break
      }
      if let payloadByteCount = payloadByteCount(bytes, at: offset) {
        let (expected, overflow) = payloadByteCount.addingReportingOverflow(16)
        guard !overflow, expected <= UInt64(available) else {
          let shown = overflow || expected > UInt64(Int.max) ? Int.max : Int(expected)
          records.append(truncated(at: offset, expected: shown, available: available))
          break
        }
        records.append(TFRecord(offset: offset, byteCount: Int(expected)))
        offset += Int(expected)
      } else {
        let next = search.nextFrame(after: offset, nextData: nextData) ?? bytes.count
        records.append(TFRecord(offset: offset, byteCount: next - offset, fault: .lengthChecksum))
        offset = next
      }
    }
    return records
  }

  /// The first records, up to one that is damaged.
  static func first(_ count: Int, of bytes: UnsafeRawBufferPointer) -> [TFRecord] {
    var records: [TFRecord] = []
    var offset = 0
    while records.count < count, bytes.count - offset >= TFRecord.headerByteCount + TFRecord.footerByteCount,
      let length = payloadByteCount(bytes, at: offset), length <= UInt64(bytes.count - offset - 16)
    {
      records.append(TFRecord(offset: offset, byteCount: Int(length) + 16))
      offset += Int(length) + 16
    }
    return records
  }

  /// False if a file cannot hold so many records as is said, judged by its first ones.
  ///
  /// A file of few records is counted whole. In a longer one records are taken to be between a fifth and five times as
  /// long as the first ones on average.
  static func canHold(_ count: Int, _ file: borrowing ReadableFile) -> Bool {
    var end = 0
    var walked = 0
    while end < file.byteCount, walked < 16 {
      guard let header = try? file.bytes(at: end, count: TFRecord.headerByteCount),
        header.count == TFRecord.headerByteCount,
        let length = header.withUnsafeBytes({ payloadByteCount($0, at: 0) }),
        length <= UInt64(file.byteCount - end)
      else { return false }
      end += Int(length) + TFRecord.headerByteCount + TFRecord.footerByteCount
      walked += 1
    }
    guard end < file.byteCount else { return end == file.byteCount && count == walked }
    let expected = Double(file.byteCount) / (Double(end) / Double(walked))
    return count > walked && (expected / 5...expected * 5).contains(Double(count))
  }

  private static func truncated(at offset: Int, expected: Int, available: Int) -> TFRecord {
    TFRecord(
      offset: offset, byteCount: available,
      fault: .truncated(expectedByteCount: expected, availableByteCount: available))
  }

  /// The length a frame gives, or nil if its checksum does not fit.
  static func payloadByteCount(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64? {
    let length = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 8])
    let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self))
    guard CRC32C.masked(length) == stored else { return nil }
    return UInt64(littleEndian: length.loadUnaligned(as: UInt64.self))
  }

  /// True if the payload of a sound frame has the checksum that stands behind it.
  static func payloadChecksumFits(_ bytes: UnsafeRawBufferPointer, _ record: TFRecord) -> Bool {
    let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: record.payload.upperBound, as: UInt32.self))
    return CRC32C.masked(UnsafeRawBufferPointer(rebasing: bytes[record.payload])) == stored
  }
}

/// Looks for the next sound frame, for a limited number of bytes.
struct FrameSearch {
  let bytes: UnsafeRawBufferPointer
  /// How much may still be searched.
  var limit: Int

  mutating func nextFrame(after damaged: Int, nextData: (Int) -> Int?) -> Int? {
    var offset = damaged + 1
    while offset + 16 <= bytes.count, limit > 0 {
      if bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) == 0 {
        // A length of zero is no tile; a page of zeros may be a hole.
        if offset.isMultiple(of: 4096) {
          guard let data = nextData(offset) else { return nil }
          if data > offset + 8 {
            offset = data - 8
            continue
          }
        }
        // A frame has a checksum that is not zero within its first twelve bytes.
        if offset.isMultiple(of: 8), offset + 24 <= bytes.count,
          bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self) == 0
        {
          offset += 8
          limit -= 1
          continue
        }
      }
      if let payloadByteCount = TFRecordFraming.payloadByteCount(bytes, at: offset),
        payloadByteCount <= UInt64(bytes.count - offset - 16)
      {
        let record = TFRecord(offset: offset, byteCount: Int(payloadByteCount) + 16)
        if TFRecordFraming.payloadChecksumFits(bytes, record) { return offset }
      }
      offset += 1
      limit -= 1
    }
    return nil
  }
}
