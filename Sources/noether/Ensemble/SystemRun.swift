// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators

/// How far the run of one system of an ensemble has come: what it kept, and how it goes on or why it cannot.
struct SystemRun: Sendable {
  /// Which system of the scenario this is.
  var index: Int
  var frames: [Frame] = []
  var rows: [DiagnosticsRow] = []
  /// Where to go on from; nil before the first step and after the last.
  var snapshot: Snapshot?
  /// Why the run cannot go on.
  var failure: String?
  var isFinished = false

  /// Nothing is left to do, for better or worse.
  var isOver: Bool { isFinished || failure != nil }
}

/// A run as a checkpoint holds it: numbers as the bytes of their patterns, so that nothing is rounded.
extension SystemRun: Codable {
  private enum Key: String, CodingKey {
    case index, steps, states, rows, momenta, absoluteEnergy, snapshot, failure, isFinished
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(index, forKey: .index)
    try container.encode(frames.map(\.step), forKey: .steps)
    try container.encode(Self.bytes(of: frames.map { [$0.t] + $0.state.q + $0.state.p }), forKey: .states)
    try container.encode(Self.bytes(of: rows.map(\.numbers)), forKey: .rows)
    try container.encode([rows.first?.P.count ?? 0, rows.first?.L.count ?? 0], forKey: .momenta)
    try container.encode(rows.first?.dHIsAbsolute ?? false, forKey: .absoluteEnergy)
    try container.encodeIfPresent(snapshot, forKey: .snapshot)
    try container.encodeIfPresent(failure, forKey: .failure)
    try container.encode(isFinished, forKey: .isFinished)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let steps = try container.decode([Int].self, forKey: .steps)
    let states = try Self.table(container.decode(Data.self, forKey: .states), rows: steps.count)
    let numbers = try Self.table(container.decode(Data.self, forKey: .rows), rows: steps.count)
    let isAbsolute = try container.decode(Bool.self, forKey: .absoluteEnergy)
    index = try container.decode(Int.self, forKey: .index)
    frames = zip(steps, states).map { step, numbers in
      let half = (numbers.count - 1) / 2
      return Frame(
        step: step, t: numbers[0],
        state: PhaseState(q: Array(numbers[1...half]), p: Array(numbers[(half + 1)...].prefix(half))))
    }
    let momenta = try container.decode([Int].self, forKey: .momenta)
    rows = try zip(steps, numbers).map { step, numbers in
      guard
        let row = DiagnosticsRow(
          step: step, numbers: numbers, momenta: momenta, dHIsAbsolute: isAbsolute)
      else {
        throw Self.damaged
      }
      return row
    }
    snapshot = try container.decodeIfPresent(Snapshot.self, forKey: .snapshot)
    failure = try container.decodeIfPresent(String.self, forKey: .failure)
    isFinished = try container.decode(Bool.self, forKey: .isFinished)
  }

  private static let damaged = NoetherError("its tables are damaged")

  private static func bytes(of table: [[Double]]) -> Data {
    var data = Data(capacity: 8 * table.count * (table.first?.count ?? 0))
    for row in table {
      for number in row {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    return data
  }

  private static func table(_ data: Data, rows: Int) throws -> [[Double]] {
    guard rows > 0 else { return [] }
    guard data.count % (8 * rows) == 0, data.count > 8 * rows else { throw damaged }
    let numbers = data.withUnsafeBytes { bytes in
      (0..<data.count / 8).map { index in
        let pattern = bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: pattern))
      }
    }
    let width = numbers.count / rows
    return (0..<rows).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }
}

extension DiagnosticsRow {
  /// t, T, V, H, dH, dP, dL, then P and L, then the learned energy and its drift where there are any.
  fileprivate var numbers: [Double] {
    [t, T, V, H, dH, dP, dL] + P + L + (learned.map { [$0.H, $0.dH] } ?? [])
  }

  /// `momenta`: how many numbers P and L are.
  fileprivate init?(step: Int, numbers: [Double], momenta: [Int], dHIsAbsolute: Bool) {
    guard momenta.count == 2, momenta.allSatisfy((0...3).contains) else { return nil }
    let (axes, rotations) = (momenta[0], momenta[1])
    guard [0, 2].contains(numbers.count - 7 - axes - rotations) else { return nil }
    let learned = numbers.dropFirst(7 + axes + rotations)
    self.init(
      step: step, t: numbers[0], T: numbers[1], V: numbers[2], H: numbers[3], dH: numbers[4],
      dHIsAbsolute: dHIsAbsolute, P: Array(numbers[7..<7 + axes]),
      L: Array(numbers[7 + axes..<7 + axes + rotations]), dP: numbers[5], dL: numbers[6],
      learned: learned.isEmpty
        ? nil : LearnedEnergy(H: numbers[numbers.count - 2], dH: numbers[numbers.count - 1]))
  }
}
