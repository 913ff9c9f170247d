// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Named tensors and string metadata in the safetensors format: the length of the header (8 bytes), a JSON
/// header, then the values, row-major and little-endian, without gaps.
///
/// Equal contents give equal bytes: wide types come first, then names in order. `init(data:name:)` refuses
/// whatever is truncated, overlapping or inconsistent.
public struct Safetensors: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    case float32([Float])
    case float64([Double])
    case int64([Int64])

    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .int64(let values): values.count
      }
    }

    var type: ElementType {
      switch self {
      case .float32: .float32
      case .float64: .float64
      case .int64: .int64
      }
    }
  }

  public struct Tensor: Sendable, Equatable {
    public var shape: [Int]
    public var values: Values

    /// Values in C order; as many as the shape has entries.
    public init(shape: [Int], values: Values) {
      precondition(entryCount(of: shape) == values.count)
      self.shape = shape
      self.values = values
    }
  }

  /// The element types this program stores, as the format names them.
  enum ElementType: String, CaseIterable {
    case float64 = "F64"
    case int64 = "I64"
    case float32 = "F32"

    var size: Int { self == .float32 ? 4 : 8 }
  }

  public var tensors: [String: Tensor]
  public var metadata: [String: String]

  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Where the digest stands in a file that has one: first in the metadata, after the header's length.
  static let seal = Seal(offset: 8 + Self.metadataStart.utf8.count)
  private static let metadataStart = "{\"__metadata__\":{"

  /// The whole file.
  public var data: Data { data(isSealed: false) }

  /// The same with its SHA-256 in the metadata (`sha256`), which `init(data:name:)` compares.
  public var sealed: Data {
    var data = data(isSealed: true)
    Self.seal.close(&data)
    return data
  }

  /// Whether the digest in a file's bytes is theirs; nil where they have none.
  static func isIntact(_ data: Data) -> Bool? { seal.isIntact(data) }

  private func data(isSealed: Bool) -> Data {
    let order = tensors.sorted {
      ($1.value.values.type.size, $0.key) < ($0.value.values.type.size, $1.key)
    }
    var header = "{"
    let entries =
      (isSealed ? [Seal.blank] : [])
      + metadata.sorted { $0.key < $1.key }.map {
        ConfigNode.jsonString($0.key) + ":" + ConfigNode.jsonString($0.value)
      }
    if !entries.isEmpty { header = Self.metadataStart + entries.joined(separator: ",") + "}" }
    var offset = 0
    for (name, tensor) in order {
      let end = offset + tensor.values.count * tensor.values.type.size
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      if header.utf8.count > 1 { header += "," }
      header += "\(ConfigNode.jsonString(name)):{\"dtype\":\"\(tensor.values.type.rawValue)\","
      header += "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    var json = Data((header + "}").utf8)
    // Values begin at a multiple of eight bytes, so that readers may map them.
    json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))

    var data = Data(capacity: 8 + json.count + offset)
    data.append(number: UInt64(json.count))
    data.append(json)
    for (_, tensor) in order {
      switch tensor.values {
      case .float32(let values): data.append(numbers: values)
      case .float64(let values): data.append(numbers: values)
      case .int64(let values): data.append(numbers: values)
      }
    }
    return data
  }

  /// The file at `path`.
  public static func read(_ path: String) throws -> Safetensors {
    try Safetensors(data: readFile(path, limit: 1 << 36), name: path)
  }

  /// Writes the file at `path`, with its digest.
  public func write(to path: String) throws { try writeAtomically(sealed, to: path) }
}
