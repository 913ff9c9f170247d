// SPDX-License-Identifier: GPL-3.0-or-later

/// A number that survives encoding bit for bit: it is written as the sixteen hexadecimal digits of its pattern.
///
/// Decimal JSON loses the sign of −0 in some readers and cannot hold NaN or ∞ at all.
@propertyWrapper
public struct BitExact: Sendable, Equatable, Codable {
  public var wrappedValue: Double

  public init(wrappedValue: Double) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = try doubles(fromHexadecimal: container.decode(String.self)).first else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no number where one is due")
    }
    wrappedValue = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hexadecimal(of: [wrappedValue]))
  }

  /// Equal patterns, so that NaN equals itself and −0 differs from 0.
  public static func == (a: Self, b: Self) -> Bool { a.wrappedValue.bitPattern == b.wrappedValue.bitPattern }
}

/// Numbers that survive encoding bit for bit: one string, sixteen hexadecimal digits each.
@propertyWrapper
public struct BitExactArray: Sendable, Equatable, Codable {
  public var wrappedValue: [Double]

  public init(wrappedValue: [Double]) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    wrappedValue = try doubles(fromHexadecimal: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hexadecimal(of: wrappedValue))
  }

  /// Equal patterns, so that NaN equals itself and −0 differs from 0.
  public static func == (a: Self, b: Self) -> Bool {
    a.wrappedValue.map(\.bitPattern) == b.wrappedValue.map(\.bitPattern)
  }
}

private let digits = Array("0123456789abcdef".utf8)

private func hexadecimal(of numbers: [Double]) -> String {
  var text: [UInt8] = []
  text.reserveCapacity(16 * numbers.count)
  for number in numbers {
    for shift in stride(from: 60, through: 0, by: -4) {
      text.append(digits[Int(number.bitPattern >> UInt64(shift) & 15)])
    }
  }
  return String(decoding: text, as: UTF8.self)
}

private func doubles(fromHexadecimal text: String) throws -> [Double] {
  let characters = Array(text.utf8)
  guard characters.count % 16 == 0 else { throw damaged(text) }
  return try stride(from: 0, to: characters.count, by: 16).map { start in
    var pattern: UInt64 = 0
    for character in characters[start..<start + 16] {
      guard let digit = digits.firstIndex(of: character) else { throw damaged(text) }
      pattern = pattern << 4 | UInt64(digit)
    }
    return Double(bitPattern: pattern)
  }
}

private func damaged(_ text: String) -> NoetherError {
  NoetherError("a stored number is damaged: '\(text.prefix(40))' is not groups of 16 hexadecimal digits")
}
