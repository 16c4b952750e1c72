import Files

/// The number types of PyTorch's storages.
enum TorchNumberType: String, CaseIterable {
  case float = "Float"
  case double = "Double"
  case half = "Half"
  case bfloat16 = "BFloat16"
  case long = "Long"
  case int = "Int"
  case short = "Short"
  case char = "Char"
  case byte = "Byte"
  case bool = "Bool"

  /// - Parameter name: such as `torch.FloatStorage`.
  init?(storage name: String) {
    guard name.hasPrefix("torch."), name.hasSuffix("Storage") else { return nil }
    self.init(rawValue: String(name.dropFirst("torch.".count).dropLast("Storage".count)))
  }

  var byteCount: Int {
    switch self {
    case .double, .long: 8
    case .float, .int: 4
    case .half, .bfloat16, .short: 2
    case .char, .byte, .bool: 1
    }
  }

  var isFloat: Bool {
    switch self {
    case .float, .double, .half, .bfloat16: true
    default: false
    }
  }

  /// The number at a place counted in numbers; little-endian.
  func number(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Double {
    func load<Item: BitwiseCopyable>(_: Item.Type) -> Item {
      bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Item>.size, as: Item.self)
    }
    return switch self {
    case .float: Double(Float(bitPattern: UInt32(littleEndian: load(UInt32.self))))
    case .double: Double(bitPattern: UInt64(littleEndian: load(UInt64.self)))
    case .half: Double(Float(half: UInt16(littleEndian: load(UInt16.self))))
    case .bfloat16: Double(Float(bitPattern: UInt32(UInt16(littleEndian: load(UInt16.self))) << 16))
    case .long: Double(Int64(littleEndian: load(Int64.self)))
    case .int: Double(Int32(littleEndian: load(Int32.self)))
    case .short: Double(Int16(littleEndian: load(Int16.self)))
    case .char: Double(load(Int8.self))
    case .byte: Double(load(UInt8.self))
    case .bool: load(UInt8.self) == 0 ? 0 : 1
    }
  }
}
