/// Reads the pickle in a PyTorch file as data: it knows tensors and what holds them, and executes nothing.
///
/// Everything it makes lies in flat tables, so that no depth of nesting can exhaust the stack. Source: the opcodes of
/// Python's `pickletools`, protocols 2 to 5.
struct TorchPickle {
  /// What a pickle may hold; sequences, dictionaries, storages and tensors are places in the tables.
  enum Value: Equatable {
    case none
    case truth(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case global(String)
    case sequence(Int)
    case dictionary(Int)
    case storage(Int)
    case tensor(Int)
  }

  /// A run of numbers in an entry of the archive.
  struct Storage: Equatable {
    let type: TorchNumberType
    /// The entry's name below `data/`.
    let key: String
    let count: Int
  }

  /// A view on a storage; places are counted in numbers, not bytes.
  struct Tensor: Equatable {
    let storage: Storage
    let offset: Int
    let sizes: [Int]
    let strides: [Int]
  }

  enum Fault: Error, Equatable, CustomStringConvertible {
    /// A clause.
    case damaged(String)
    case foreignObject(String)

    /// A clause without a full stop.
    var description: String {
      switch self {
      case .damaged(let clause): clause
      case .foreignObject(let name): "it holds \(name), which is no tensor"
      }
    }
  }

  static let maximumByteCount = 1 << 22
  private static let maximumStackCount = 1 << 18
  private static let maximumMemoCount = 1 << 20

  private(set) var sequences: [[Value]] = []
  private(set) var dictionaries: [[(key: Value, value: Value)]] = []
  private(set) var storages: [Storage] = []
  private(set) var tensors: [Tensor] = []
  private(set) var result: Value = .none

  private let bytes: [UInt8]
  private var place = 0
  private var stack: [Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Value] = [:]

  init(_ bytes: [UInt8]) throws(Fault) {
    self.bytes = bytes
    while try step() {
      guard stack.count <= Self.maximumStackCount, memo.count <= Self.maximumMemoCount else {
        throw .damaged("its pickle holds too many objects")
      }
    }
  }

  // MARK: Opcodes

  /// One opcode; false at the end.
  private mutating func step() throws(Fault) -> Bool {
    let code = try byte()
    switch code {
    case 0x80: try skip(1)  // PROTO
    case 0x95: try skip(8)  // FRAME
    case 0x2E:  // STOP
      result = try pop()
      return false
    case 0x28: marks.append(stack.count)  // MARK
    case 0x30: _ = try pop()  // POP
    case 0x31: _ = try popToMark()  // POP_MARK
    case 0x32: stack.append(try top())  // DUP
    case 0x71, 0x72, 0x94: try memoize(code)
    case 0x68, 0x6A:  // BINGET, LONG_BINGET
      guard let value = memo[try number(code == 0x68 ? 1 : 4)] else { throw .damaged("its pickle is not whole") }
      stack.append(value)
    case 0x4E: stack.append(.none)
    case 0x88: stack.append(.truth(true))
    case 0x89: stack.append(.truth(false))
    case 0x4A: stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
    case 0x4B: stack.append(.integer(try number(1)))
    case 0x4D: stack.append(.integer(try number(2)))
    case 0x8A: stack.append(.integer(try longInteger(byteCount: number(1))))
    case 0x47: stack.append(.number(try bigEndianDouble()))
    case 0x58, 0x8C, 0x8D: stack.append(.text(try text(lengthByteCount: code == 0x58 ? 4 : code == 0x8C ? 1 : 8)))
    case 0x42, 0x43, 0x54, 0x55:  // BINBYTES, SHORT_BINBYTES, BINSTRING, SHORT_BINSTRING
      stack.append(.text(try text(lengthByteCount: code == 0x42 || code == 0x54 ? 4 : 1)))
    case 0x63: stack.append(.global(try line() + "." + line()))  // GLOBAL
    case 0x93:  // STACK_GLOBAL
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else { throw Self.wrong }
      stack.append(.global(module + "." + name))
    case 0x29, 0x5D: push([])  // EMPTY_TUPLE, EMPTY_LIST
    case 0x74, 0x6C: push(try popToMark())  // TUPLE, LIST
    case 0x85, 0x86, 0x87: push(try pop(count: Int(code) - 0x84))
    case 0x7D: pushDictionary([])
    case 0x61, 0x65: try appendItems(code == 0x61 ? pop(count: 1) : popToMark())
    case 0x73, 0x75: try setItems(code == 0x73 ? pop(count: 2) : popToMark())
    case 0x51: try load(storage: pop())  // BINPERSID
    case 0x52: try reduce()
    case 0x62: try build()
    default: throw .foreignObject(Self.name(ofOpcode: code))
    }
    return true
  }

  private static let wrong = Fault.damaged("its pickle is not that of tensors")

  private static func name(ofOpcode code: UInt8) -> String {
    "the pickle operation 0x" + String(code, radix: 16, uppercase: true)
  }

  private mutating func memoize(_ code: UInt8) throws(Fault) {
    let index = code == 0x94 ? memo.count : try number(code == 0x71 ? 1 : 4)
    memo[index] = try top()
  }

  private mutating func push(_ values: [Value]) {
    sequences.append(values)
    stack.append(.sequence(sequences.count - 1))
  }

  private mutating func pushDictionary(_ entries: [(key: Value, value: Value)]) {
    dictionaries.append(entries)
    stack.append(.dictionary(dictionaries.count - 1))
  }

  private mutating func appendItems(_ values: [Value]) throws(Fault) {
    guard case .sequence(let index) = try top() else { throw Self.wrong }
    sequences[index] += values
  }

  private mutating func setItems(_ values: [Value]) throws(Fault) {
    guard case .dictionary(let index) = try top(), values.count % 2 == 0 else { throw Self.wrong }
    for item in stride(from: 0, to: values.count, by: 2) {
      dictionaries[index].append((values[item], values[item + 1]))
    }
  }

  /// State that Python would set on an object: of the objects known here it says nothing that is needed.
  private mutating func build() throws(Fault) {
    _ = try pop()
    switch try top() {
    case .dictionary, .tensor: return
    default: throw Self.wrong
    }
  }

  // MARK: Tensors

  /// A call of one of the few functions that make tensors.
  private mutating func reduce() throws(Fault) {
    guard case .sequence(let index) = try pop() else { throw Self.wrong }
    let arguments = sequences[index]
    guard case .global(let name) = try pop() else { throw Self.wrong }
    switch name {
    case "collections.OrderedDict":
      pushDictionary([])
      if case .sequence(let pairs)? = arguments.first {
        for case .sequence(let pair) in sequences[pairs] where sequences[pair].count == 2 {
          dictionaries[dictionaries.count - 1].append((sequences[pair][0], sequences[pair][1]))
        }
      }
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor": try rebuildTensor(arguments)
    case "torch._utils._rebuild_parameter":
      guard case .tensor? = arguments.first else { throw Self.wrong }
      stack.append(arguments[0])
    default: throw .foreignObject(name)
    }
  }

  private mutating func rebuildTensor(_ arguments: [Value]) throws(Fault) {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
      let sizes = integers(arguments[2]), let strides = integers(arguments[3]), sizes.count == strides.count,
      sizes.count <= 8, offset >= 0, sizes.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 })
    else { throw Self.wrong }
    tensors.append(Tensor(storage: storages[storage], offset: offset, sizes: sizes, strides: strides))
    stack.append(.tensor(tensors.count - 1))
  }

  private func integers(_ value: Value) -> [Int]? {
    guard case .sequence(let index) = value else { return nil }
    var numbers: [Int] = []
    for value in sequences[index] {
      guard case .integer(let number) = value else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  private mutating func load(storage identifier: Value) throws(Fault) {
    guard case .sequence(let index) = identifier, sequences[index].count >= 5,
      case .text("storage") = sequences[index][0], case .global(let name) = sequences[index][1],
      case .text(let key) = sequences[index][2], case .integer(let count) = sequences[index][4], count >= 0
    else { throw Self.wrong }
    guard let type = TorchNumberType(storage: name) else { throw .foreignObject(name) }
    storages.append(Storage(type: type, key: key, count: count))
    stack.append(.storage(storages.count - 1))
  }

  // MARK: Bytes and stack

  private mutating func byte() throws(Fault) -> UInt8 {
    guard place < bytes.count else { throw .damaged("its pickle is cut off") }
    defer { place += 1 }
    return bytes[place]
  }

  private mutating func skip(_ count: Int) throws(Fault) {
    guard count <= bytes.count - place else { throw .damaged("its pickle is cut off") }
    place += count
  }

  private mutating func number(_ byteCount: Int) throws(Fault) -> Int {
    let start = place
    try skip(byteCount)
    return (0..<byteCount).reduce(0) { $0 | Int(truncatingIfNeeded: UInt64(bytes[start + $1]) << (8 * UInt64($1))) }
  }

  private mutating func longInteger(byteCount: Int) throws(Fault) -> Int {
    guard byteCount <= 8 else { throw .damaged("a number in its pickle is too large") }
    let value = try number(byteCount)
    guard byteCount > 0, byteCount < 8 else { return value }
    let unused = Int.bitWidth - 8 * byteCount
    return (value << unused) >> unused
  }

  private mutating func bigEndianDouble() throws(Fault) -> Double {
    Double(bitPattern: UInt64(bitPattern: Int64(try number(8))).byteSwapped)
  }

  private mutating func text(lengthByteCount: Int) throws(Fault) -> String {
    let length = try number(lengthByteCount)
    let start = place
    guard length >= 0 else { throw .damaged("its pickle is cut off") }
    try skip(length)
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func line() throws(Fault) -> String {
    let start = place
    while try byte() != 0x0A {}
    return String(decoding: bytes[start..<place - 1], as: UTF8.self)
  }

  private func top() throws(Fault) -> Value {
    guard let last = stack.last, marks.last.map({ $0 < stack.count }) ?? true else { throw Self.wrong }
    return last
  }

  private mutating func pop() throws(Fault) -> Value {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(count: Int) throws(Fault) -> [Value] {
    guard stack.count - (marks.last ?? 0) >= count else { throw Self.wrong }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(Fault) -> [Value] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw Self.wrong }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }
}
