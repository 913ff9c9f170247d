// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// The format of the MNIST files (LeCun, Cortes & Burges): a magic number, the extents, all with the most significant byte
/// first, then one byte for each entry; packed by gzip or not.
enum IDX {
  /// 1 GiB: MNIST's largest file has 47 MB.
  private static let longest = 1 << 30
  private static let mostImages = 10_000_000
  private static let possibleSides = 2...1024

  /// The images of one file with the labels of another.
  static func read(images: String, labels: String) throws -> ImageSet {
    let (side, bytes) = try pixels(readUnpacked(images, limit: longest), name: images)
    let digits = try self.labels(readUnpacked(labels, limit: longest), name: labels)
    let count = bytes.count / (side * side)
    guard digits.count == count else {
      throw NoetherError(
        "\(labels): holds \(digits.count) labels, \(images) has \(count) images; use files that belong together"
      )
    }
    return ImageSet(side: side, pixels: bytes.map { Float($0) / 255 }, labels: digits)
  }

  static func pixels(_ data: Data, name: String) throws -> (side: Int, bytes: [UInt8]) {
    let extents = try header(data, magic: 2051, extents: 3, what: "images", name: name)
    guard extents[1] == extents[2], possibleSides.contains(extents[1]) else {
      throw NoetherError(
        "\(name): its images have \(extents[1]) × \(extents[2]) pixels; square ones of \(possibleSides.lowerBound) to "
          + "\(possibleSides.upperBound) are needed")
    }
    return (extents[1], try entries(data, extents, name: name))
  }

  static func labels(_ data: Data, name: String) throws -> [UInt8] {
    let extents = try header(data, magic: 2049, extents: 1, what: "labels", name: name)
    let labels = try entries(data, extents, name: name)
    if let index = labels.firstIndex(where: { $0 >= ImageSet.classes }) {
      throw NoetherError("\(name): label \(index + 1) is \(labels[index]); digits from 0 to 9 are needed")
    }
    return labels
  }

  private static func header(
    _ data: Data, magic: Int, extents: Int, what: String, name: String
  ) throws -> [Int] {
    func word(_ k: Int) -> Int? {
      let at = data.startIndex + 4 * k
      guard data.count >= 4 * (k + 1) else { return nil }
      return data[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard let found = word(0), found == magic else {
      throw NoetherError(
        "\(name): not an IDX file of \(what): it begins with \(word(0) ?? 0) instead of \(magic); put the "
          + "published file there, packed by gzip or not")
    }
    let read = (1...extents).compactMap(word)
    guard read.count == extents, let count = read.first else {
      throw NoetherError("\(name): truncated: it ends within its header; use another copy")
    }
    guard (1...mostImages).contains(count) else {
      throw NoetherError("\(name): claims to hold \(count) \(what); 1 to \(mostImages) are possible")
    }
    return read
  }

  private static func entries(_ data: Data, _ extents: [Int], name: String) throws -> [UInt8] {
    let start = 4 * (extents.count + 1)
    // At most 10⁷ · 2²⁰.
    let count = extents.reduce(1, *)
    guard data.count - start == count else {
      let fault = data.count - start < count ? "truncated" : "too long"
      throw NoetherError(
        "\(name): \(fault): \(count) entries need \(start + count) bytes, there are \(data.count); use another copy"
      )
    }
    return [UInt8](data.dropFirst(start))
  }
}
