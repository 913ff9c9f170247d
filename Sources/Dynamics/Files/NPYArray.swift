// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// An array as NumPy's .npy files hold it: a shape and values in C order.
///
/// Written are float64 and int64, little-endian; read also float32, whole numbers of any size and truth values, which become
/// those without loss.
public struct NPYArray: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    case float64([Double])
    case int64([Int64])

    public var count: Int {
      switch self {
      case .float64(let values): values.count
      case .int64(let values): values.count
      }
    }
  }

  public var shape: [Int]
  public var values: Values

  /// Values in C order; as many as the shape has entries.
  public init(shape: [Int], values: Values) {
    precondition(entryCount(of: shape) == values.count)
    self.shape = shape
    self.values = values
  }

  public init(shape: [Int], _ values: [Double]) { self.init(shape: shape, values: .float64(values)) }

  /// The values as doubles; integers beyond 2⁵³ are rounded.
  public var doubles: [Double] {
    switch values {
    case .float64(let values): values
    case .int64(let values): values.map(Double.init)
    }
  }

  fileprivate static let magic = Data([0x93]) + Data("NUMPY".utf8)

  /// The .npy file, version 1.0, its values aligned to 64 bytes.
  public var data: Data {
    let type = if case .int64 = values { "<i8" } else { "<f8" }
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    let start = Self.magic.count + 4
    header += String(repeating: " ", count: 63 - (start + header.utf8.count) % 64) + "\n"
    var data = Self.magic + Data([1, 0])
    data.append(number: UInt16(header.utf8.count))
    data.append(contentsOf: header.utf8)
    switch values {
    case .float64(let values): data.append(numbers: values)
    case .int64(let values): data.append(numbers: values)
    }
    return data
  }

  /// The array in the bytes of a .npy file, called `name` in messages.
  public init(data: Data, name: String) throws {
    let (header, start) = try NPYHeader.read(data, name: name)
    guard let size = Self.sizes[header.type] else {
      throw NoetherError(
        "\(name): has type '\(header.type)'; save it as float64, little-endian: a.astype('<f8')")
    }
    guard let count = entryCount(of: header.shape), count <= Int.max / 8 else {
      throw NoetherError("\(name): the shape \(header.shape) is impossible")
    }
    if header.isFortranOrder, header.shape.count(where: { $0 > 1 }) > 1 {
      throw NoetherError("\(name): is in Fortran order; save numpy.ascontiguousarray(a) instead")
    }
    let values = data.dropFirst(start)
    guard values.count == count * size else {
      throw NoetherError(
        "\(name): \(values.count) bytes of values where the shape \(header.shape) takes \(count * size)")
    }
    self.init(shape: header.shape, values: try Self.values(of: values, header.type, name: name))
  }

  /// Bytes of an entry, for every type that is read.
  private static let sizes = [
    "<f8": 8, "<f4": 4, "<i8": 8, "<i4": 4, "<i2": 2, "|i1": 1, "<u8": 8, "<u4": 4, "<u2": 2, "|u1": 1,
    "|b1": 1,
  ]

  private static func values(of data: Data, _ type: String, name: String) throws -> Values {
    func whole<T: LittleEndianNumber & FixedWidthInteger>(_ type: T.Type) throws -> Values {
      .int64(
        try data.numbers(as: T.self).map { number in
          if let value = Int64(exactly: number) { return value }
          throw NoetherError("\(name): \(number) is too large; save it as float64: a.astype('<f8')")
        })
    }
    switch type {
    case "<f8": return .float64(data.numbers())
    case "<f4": return .float64(data.numbers(as: Float.self).map(Double.init))
    case "<i4": return try whole(Int32.self)
    case "<i2": return try whole(Int16.self)
    case "|i1": return try whole(Int8.self)
    case "<u8": return try whole(UInt64.self)
    case "<u4": return try whole(UInt32.self)
    case "<u2": return try whole(UInt16.self)
    case "|u1", "|b1": return try whole(UInt8.self)
    default: return .int64(data.numbers())
    }
  }

  /// Whether the bytes of a .npy file hold text.
  static func isText(_ data: Data, name: String) throws -> Bool {
    let type = try NPYHeader.read(data, name: name).header.type
    return type.dropFirst().first == "U" || type.dropFirst().first == "S"
  }
}

/// The header of a .npy file: a Python dictionary of three entries.
private struct NPYHeader {
  var type = ""
  var isFortranOrder = false
  var shape: [Int] = []

  /// The header of the .npy file in `data`, and where the values begin.
  static func read(_ data: Data, name: String) throws -> (header: NPYHeader, start: Int) {
    guard data.starts(with: NPYArray.magic), data.count >= 10 else {
      throw NoetherError("\(name): not a .npy array; save it with numpy.savez")
    }
    let bytes = Data(data)
    let start: Int
    let length: Int
    switch (bytes[6], bytes.number(at: 8, as: UInt16.self), bytes.number(at: 8, as: UInt32.self)) {
    case (1, let count?, _): (start, length) = (10, Int(count))
    case (2, _, let count?), (3, _, let count?): (start, length) = (12, Int(count))
    default: throw NoetherError("\(name): a .npy array of version \(bytes[6]); versions 1 to 3 are read")
    }
    guard length <= bytes.count - start else {
      throw NoetherError("\(name): truncated in the header of the array")
    }
    return (try NPYHeader(bytes[start..<start + length], name: name), start + length)
  }

  init(_ bytes: Data, name: String) throws {
    let damaged = NoetherError("\(name): the header of the array is damaged")
    var text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }[...]
    func take(_ token: String) -> Bool {
      guard text.hasPrefix(token) else { return false }
      text = text.dropFirst(token.count)
      return true
    }
    func word(until end: Character) throws -> Substring {
      guard let stop = text.firstIndex(of: end) else { throw damaged }
      defer { text = text[text.index(after: stop)...] }
      return text[..<stop]
    }
    guard take("{") else { throw damaged }
    var seen = Set<Substring>()
    while !take("}") {
      guard take("'") else { throw damaged }
      let key = try word(until: "'")
      guard take(":"), seen.insert(key).inserted else { throw damaged }
      switch key {
      case "descr":
        guard take("'") else {
          throw NoetherError("\(name): has records as entries; save one array of numbers per name")
        }
        type = String(try word(until: "'"))
      case "fortran_order":
        isFortranOrder = take("True")
        if !isFortranOrder, !take("False") { throw damaged }
      case "shape":
        guard take("(") else { throw damaged }
        shape = try word(until: ")").split(separator: ",").map {
          guard let extent = Int($0), extent >= 0 else { throw damaged }
          return extent
        }
      default: throw damaged
      }
      if !take(","), !text.hasPrefix("}") { throw damaged }
    }
    guard text.isEmpty, seen == ["descr", "fortran_order", "shape"] else { throw damaged }
  }
}
