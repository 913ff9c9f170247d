// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// The format of the official rotated MNIST (Larochelle, Erhan, Courville, Bergstra & Bengio 2007): a line of text for every
/// image, its grey values from 0 to 1, then its label.
enum AMAT {
  /// 4 GiB: the official test set has 630 MB.
  private static let longest = 1 << 32

  static func read(_ path: String, side: Int = 28) throws -> ImageSet {
    try parse(readUnpacked(path, limit: longest), side: side, name: path)
  }

  static func parse(_ data: Data, side: Int, name: String) throws -> ImageSet {
    let fields = side * side + 1
    var set = ImageSet(side: side, pixels: [], labels: [])
    var row: [Double] = []
    row.reserveCapacity(fields)
    var (index, start) = (-1, data.startIndex)
    while start < data.endIndex {
      let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) ?? data.endIndex
      // Words of an array are found faster than those of a part of `Data`.
      let line = [UInt8](data[start..<end])
      start = end < data.endIndex ? end + 1 : end
      index += 1
      row.removeAll(keepingCapacity: true)
      for word in line.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 }) {
        guard row.count < fields, let value = Double(String(decoding: word, as: UTF8.self)) else {
          throw fault(
            name, index, row.count < fields ? "'\(quoted(word))' is not a number" : "has too many numbers",
            fields)
        }
        row.append(value)
      }
      if row.isEmpty { continue }
      guard row.count == fields, let label = row.last else {
        throw fault(name, index, "has \(row.count) numbers", fields)
      }
      if let value = row.dropLast().first(where: { !(0...1).contains($0) }) {
        throw fault(name, index, "has the grey value \(value), outside of 0 to 1", fields)
      }
      guard label >= 0, label < Double(ImageSet.classes), label == label.rounded() else {
        throw fault(name, index, "has the label \(label); digits from 0 to 9 are needed", fields)
      }
      set.pixels += row.dropLast().map { Float($0) }
      set.labels.append(UInt8(label))
    }
    if set.count == 0 { throw NoetherError("\(name): holds no images") }
    return set
  }

  /// Cut, and with nothing that a terminal would not print.
  private static func quoted(_ word: ArraySlice<UInt8>) -> String {
    String(decoding: word.prefix(20).map { (33...126).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }

  private static func fault(_ name: String, _ line: Int, _ what: String, _ fields: Int) -> NoetherError {
    NoetherError("\(name):\(line + 1): \(what); a line holds \(fields - 1) grey values and a label")
  }
}
