// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

extension Safetensors {
  /// The tensors of a file's bytes, called `name` in messages.
  ///
  /// Throws a `NoetherError` naming the file, and the tensor where one is at fault, unless header and values
  /// agree to the byte, and a digest that is in the file is its own.
  public init(data: Data, name: String) throws {
    self.init()
    guard let length: UInt64 = data.number(at: 0) else {
      throw NoetherError("\(name): not a safetensors file: only \(data.count) bytes long")
    }
    // The format's own limit on headers; beyond it, this is some other kind of file.
    guard length <= 100_000_000 else {
      throw NoetherError("\(name): not a safetensors file: it claims a header of \(length) bytes")
    }
    guard Int(length) <= data.count - 8 else {
      throw NoetherError("\(name): truncated: \(data.count) bytes, but its header alone has \(8 + length)")
    }
    let start = data.startIndex + 8 + Int(length)
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: data[data.startIndex + 8..<start])
    } catch {
      throw NoetherError("\(name): the safetensors header is damaged (not the JSON it should be)")
    }
    metadata = header.metadata

    let values = data[start...]
    var end = 0
    for (tensorName, entry) in header.tensors.sorted(by: {
      ($0.value.begin, $0.value.end) < ($1.value.begin, $1.value.end)
    }) {
      let place = "\(name): tensor '\(tensorName)'"
      guard let type = ElementType(rawValue: entry.dtype) else {
        let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        throw NoetherError("\(place): has type \(entry.dtype); convert it to one of: \(known)")
      }
      guard let count = entryCount(of: entry.shape), count <= Int.max / 8 else {
        throw NoetherError("\(place): the shape \(entry.shape) is impossible")
      }
      guard entry.begin == end, entry.end >= entry.begin, entry.end - entry.begin == count * type.size else {
        throw NoetherError(
          "\(place): the bytes \(entry.begin) to \(entry.end) do not fit \(count) \(type.rawValue) values at \(end)"
        )
      }
      end = entry.end
      guard end <= values.count else {
        throw NoetherError("\(place): truncated: its values end at byte \(end) of \(values.count)")
      }
      let bytes = values[values.startIndex + entry.begin..<values.startIndex + entry.end]
      let read: Values =
        switch type {
        case .float32: .float32(bytes.numbers())
        case .float64: .float64(bytes.numbers())
        case .int64: .int64(bytes.numbers())
        }
      tensors[tensorName] = Tensor(shape: entry.shape, values: read)
    }
    if end != values.count {
      throw NoetherError("\(name): \(values.count - end) bytes follow the last tensor; the file is damaged")
    }
    if let isIntact = Self.isIntact(data) {
      guard isIntact else { throw NoetherError("\(name): damaged: its checksum is wrong; use another copy") }
      metadata[Seal.key] = nil
    }
  }

  /// The JSON header: one entry per tensor, and the metadata among them.
  private struct Header: Decodable {
    struct Entry: Decodable {
      var dtype: String
      var shape: [Int]
      var begin: Int
      var end: Int

      enum CodingKeys: String, CodingKey {
        case dtype, shape
        case offsets = "data_offsets"
      }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dtype = try container.decode(String.self, forKey: .dtype)
        shape = try container.decode([Int].self, forKey: .shape)
        let offsets = try container.decode([Int].self, forKey: .offsets)
        guard offsets.count == 2, offsets[0] >= 0 else {
          throw DecodingError.dataCorruptedError(
            forKey: .offsets, in: container, debugDescription: "two offsets are due")
        }
        (begin, end) = (offsets[0], offsets[1])
      }
    }

    struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    var tensors: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          tensors[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }
}
