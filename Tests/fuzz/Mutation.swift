// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// What happens to files: flipped bits, cuts, splices, other numbers, nesting, and sizes that nobody could hold.
struct Mutation {
  /// No input grows beyond this, so that a quick reader stays quick.
  static let longest = 1 << 18

  private static let numbers = [
    "0", "-1", "1e308", "-1e308", "1e-308", "1e400", "nan", "inf", "-inf", "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808", "18446744073709551615", "4294967296", "2147483648", "65536", "1000000000", "1/0",
    "0x10",
    "1_000", "", "٣", "1e", "-",
  ]
  private static let patterns: [[UInt8]] = [
    [0xFF], [0x00], [0x7F], [0x80], [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F],
    [0x00, 0x00, 0x00, 0x80], [UInt8](repeating: 0xFF, count: 8), [UInt8](repeating: 0xFF, count: 7) + [0x7F],
    [UInt8](repeating: 0, count: 7) + [0x80], [0, 0, 0, 0, 0, 0, 0xF0, 0x7F], [0, 0, 0, 0, 0, 0, 0xF8, 0x7F],
  ]
  private static let words = [
    "[", "{", "- ", "? ", "*a ", "&a ", "*a : 1\n", "!!float ", "\"", "'", "|\n", "\t", "\r\n", "\u{FEFF}",
    "\\", ",", ":",
    "=", "#", "---\n", "...\n", "\0", "\u{2028}", "null", "true", "~", "%YAML 9\n",
  ]

  private var random: SeededGenerator

  init(_ random: SeededGenerator) { self.random = random }

  private mutating func place(in data: Data) -> Int { random.index(below: data.count + 1) }

  private mutating func choice<T>(_ values: [T]) -> T { values[random.index(below: values.count)] }

  /// `data` after one change, or up to eight; `others` give what is spliced in.
  mutating func changed(_ data: Data, others: [Data]) -> Data {
    var data = data
    for _ in 0..<(random.index(below: 2) == 0 ? 1 : 1 + random.index(below: 8)) { change(&data, others) }
    return data.count > Self.longest ? Data(data.prefix(Self.longest)) : data
  }

  private mutating func change(_ data: inout Data, _ others: [Data]) {
    let start = place(in: data)
    let end = min(data.count, start + 1 + random.index(below: 1 << random.index(below: 10)))
    switch random.index(below: 12) {
    case 0:
      if !data.isEmpty { data[random.index(below: data.count)] ^= 1 << UInt8(random.index(below: 8)) }
    case 1:
      if !data.isEmpty { data[random.index(below: data.count)] = UInt8(random.index(below: 256)) }
    case 2: data = Data(data.prefix(start))
    case 3: if start < end { data.removeSubrange(start..<end) }
    case 4: if start < end { data.insert(contentsOf: Data(data[start..<end]), at: place(in: data)) }
    case 5:
      let other = choice(others)
      let from = place(in: other)
      data.replaceSubrange(
        start..<end, with: Data(other[from..<min(other.count, from + 1 + random.index(below: 400))]))
    case 6, 7: changeNumber(&data, from: start)
    case 8:
      let pattern = choice(Self.patterns)
      data.replaceSubrange(start..<min(data.count, start + pattern.count), with: pattern)
    case 9: data.insert(contentsOf: Data(choice(Self.words).utf8), at: start)
    case 10:
      let word = Data(choice(Self.words).utf8)
      for _ in 0..<1 << random.index(below: 13) where data.count < Self.longest {
        data.insert(contentsOf: word, at: start)
      }
    default:
      if start < end {
        let part = Data(data[start..<end])
        for _ in 0..<1 << random.index(below: 8) where data.count < Self.longest {
          data.insert(contentsOf: part, at: start)
        }
      }
    }
  }

  /// Another number in the place of the next one written in digits.
  private mutating func changeNumber(_ data: inout Data, from start: Int) {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    guard let first = data[start...].firstIndex(where: isDigit) else { return }
    let end = data[first...].firstIndex { !isDigit($0) } ?? data.endIndex
    data.replaceSubrange(first..<end, with: Data(choice(Self.numbers).utf8))
  }
}
