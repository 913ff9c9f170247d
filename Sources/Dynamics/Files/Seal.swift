// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A file's own digest, in the file: at a fixed place stands `"sha256":"…"`, the SHA-256 of all its bytes with those 64 digits
/// as zeros. No byte can change, and none be missing, without it.
struct Seal {
  /// How many bytes stand before it.
  let offset: Int

  static let key = "sha256"
  private static let opening = Data("\"\(key)\":\"".utf8)
  private static let digits = 64

  /// What is written in its place until the rest of the file is known.
  static let blank = "\"\(key)\":\"" + String(repeating: "0", count: digits) + "\""

  /// Puts the digest in the place of `blank`.
  func close(_ data: inout Data) {
    let start = data.startIndex + offset + Self.opening.count
    data.replaceSubrange(start..<start + Self.digits, with: Data(sha256(data).utf8))
  }

  /// Whether the digest is that of the bytes; nil where there is none at its place.
  func isIntact(_ data: Data) -> Bool? {
    let start = data.startIndex + offset
    guard data.count >= offset + Self.opening.count + Self.digits + 1,
      data[start..<start + Self.opening.count] == Self.opening
    else { return nil }
    let place = start + Self.opening.count..<start + Self.opening.count + Self.digits
    var blank = data
    blank.replaceSubrange(place, with: repeatElement(UInt8(ascii: "0"), count: Self.digits))
    return Data(sha256(blank).utf8) == data[place]
  }
}
