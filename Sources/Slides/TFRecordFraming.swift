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
  /// All records in file order; damaged ones are among them with their fault.
  ///
  /// After a damaged length the next frame is looked for byte by byte: eight bytes whose checksum fits and whose
  /// record ends inside the file with a checksum that fits, which chance gives once in 2⁶⁴ places.
  /// - Complexity: O(records) for a sound file; O(bytes) over a damaged frame.
  static func scan(_ bytes: UnsafeRawBufferPointer) -> [TFRecord] {
    var records: [TFRecord] = []
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
        let next = nextFrame(bytes, after: offset) ?? bytes.count
        records.append(TFRecord(offset: offset, byteCount: next - offset, fault: .lengthChecksum))
        offset = next
      }
    }
    return records
  }

  private static func truncated(at offset: Int, expected: Int, available: Int) -> TFRecord {
    TFRecord(
      offset: offset, byteCount: available,
      fault: .truncated(expectedByteCount: expected, availableByteCount: available))
  }

  /// The length a frame gives, or nil if its checksum does not fit.
  private static func payloadByteCount(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64? {
    let length = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 8])
    let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self))
    guard CRC32C.masked(length) == stored else { return nil }
    return UInt64(littleEndian: length.loadUnaligned(as: UInt64.self))
  }

  private static func nextFrame(_ bytes: UnsafeRawBufferPointer, after damaged: Int) -> Int? {
    var offset = damaged + 1
    while offset + 16 <= bytes.count {
      if let payloadByteCount = payloadByteCount(bytes, at: offset),
        payloadByteCount <= UInt64(bytes.count - offset - 16)
      {
        let record = TFRecord(offset: offset, byteCount: Int(payloadByteCount) + 16)
        if payloadChecksumFits(bytes, record) { return offset }
      }
      offset += 1
    }
    return nil
  }

  /// True if the payload of a sound frame has the checksum that stands behind it.
  static func payloadChecksumFits(_ bytes: UnsafeRawBufferPointer, _ record: TFRecord) -> Bool {
    let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: record.payload.upperBound, as: UInt32.self))
    return CRC32C.masked(UnsafeRawBufferPointer(rebasing: bytes[record.payload])) == stored
  }
}
