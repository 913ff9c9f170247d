// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import HLieConv

/// Matrix products against sums taken one by one, for sizes that are no multiples of any vector or tile.
@Suite("Products")
struct ProductTests {
  struct Size: CustomTestStringConvertible {
    let m, n, k: Int
    var testDescription: String { "\(m) × \(k) × \(n)" }
  }

  static let sizes: [Size] =
    [
      (0, 5, 3), (5, 0, 3), (3, 5, 0), (1, 1, 1), (2, 3, 4), (6, 16, 7), (7, 17, 5), (8, 48, 9), (9, 47, 33),
      (13, 49, 16), (15, 100, 31), (6, 96, 96), (17, 24, 2), (31, 8, 15), (5, 4, 65), (4, 15, 17),
      (78, 33, 12),
    ].map { Size(m: $0.0, n: $0.1, k: $0.2) }

  /// The factors of a second product, at fixed places.
  private final class Pair<T> {
    private let a: UnsafeMutableBufferPointer<T>
    private let b: UnsafeMutableBufferPointer<T>
    init(_ a: [T], _ b: [T]) {
      self.a = .allocate(capacity: a.count + 1)
      self.b = .allocate(capacity: b.count + 1)
      _ = self.a.initialize(from: a)
      _ = self.b.initialize(from: b)
    }
    deinit {
      a.deallocate()
      b.deallocate()
    }
    var pointers: (a: UnsafePointer<T>, b: UnsafePointer<T>)? {
      guard let a = a.baseAddress, let b = b.baseAddress else { return nil }
      return (UnsafePointer(a), UnsafePointer(b))
    }
  }

  /// Σ_i left(r, i) right(i, c), in double precision.
  private func twin(
    _ size: Size, _ left: (Int, Int) -> Double, _ right: (Int, Int) -> Double
  ) -> [Double] {
    (0..<size.m * size.n).map { at in
      (0..<size.k).reduce(0) { $0 + left(at / size.n, $1) * right($1, at % size.n) }
    }
  }

  private func expect<T: NetworkScalar>(_ found: [T], _ twin: [Double], _ k: Int, _ what: String) {
    let bar = 20 * Double(T.ulpOfOne) * Double(k + 2).squareRoot()
    let worst = zip(found, twin).map { abs(Double($0) - $1) / (1 + abs($1)) }.max() ?? 0
    #expect(found.count == twin.count && worst <= bar, "\(what): \(worst)")
  }

  private func check<T: NetworkScalar>(_ s: Size, _ scalar: T.Type) {
    let (a, a2): ([T], [T]) = (normals(s.m * s.k, seed: 1), normals(s.m * s.k, seed: 2))
    let (b, b2): ([T], [T]) = (normals(s.k * s.n, seed: 3), normals(s.k * s.n, seed: 4))
    let (bias, d): ([T], [T]) = (normals(s.n, seed: 5), normals(s.m * s.n, seed: 6))
    let row = { (r: Int, i: Int) in Double(a[r * s.k + i]) }
    let right = { (i: Int, c: Int) in Double(b[i * s.n + c]) }
    let plain = twin(s, row, right)
    let column = twin(s, { r, i in Double(a[i * s.m + r]) }, right)
    let column2 = twin(
      s, { r, i in Double(a2[i * s.m + r]) }, { i, c in Double(b2[i * s.n + c]) })

    // A W + bias, W in panels, which may come from the transpose.
    var panels = [T](repeating: .nan, count: s.k * ((s.n + 15) / 16 * 16))
    T.pack(rows: s.k, columns: s.n, b, rowStride: s.n, columnStride: 1, into: &panels)
    var c = [T](repeating: .nan, count: s.m * s.n)
    bias.withUnsafeBufferPointer { bias in
      Product<T>(
        m: s.m, n: s.n, k: s.k, left: .plain(columns: s.k), right: .packed(rows: s.k),
        bias: bias.baseAddress
      ).write(a, panels, to: &c)
    }
    expect(c, plain.indices.map { plain[$0] + Double(bias[$0 % s.n]) }, s.k, "packed, with bias")
    let turned = (0..<s.n * s.k).map { b[$0 % max(1, s.k) * s.n + $0 / max(1, s.k)] }
    T.pack(rows: s.k, columns: s.n, turned, rowStride: 1, columnStride: s.k, into: &panels)
    Product<T>(
      m: s.m, n: s.n, k: s.k, alpha: 0.5, left: .plain(columns: s.k), right: .packed(rows: s.k)
    ).write(a, panels, to: &c)
    expect(c, plain.map { 0.5 * $0 }, s.k, "packed from the transpose")

    // α (Aᵀ B + A₂ᵀ B₂) + C, in place.
    c = d
    let second = Pair(a2, b2)
    c.withUnsafeMutableBufferPointer { c in
      guard let base = c.baseAddress else { return }
      Product<T>(
        m: s.m, n: s.n, k: s.k, alpha: 2, left: .transposed(columns: s.m), right: .plain(columns: s.n),
        adding: UnsafePointer(base)
      ).write(a, b, and: second.pointers, to: base)
    }
    expect(c, plain.indices.map { 2 * (column[$0] + column2[$0]) + Double(d[$0]) }, 2 * s.k, "of transposes")

    // α (A Bᵀ + A₂ B₂ᵀ) + C, B [n × k].
    let dots = twin(s, row, { i, c in Double(b[c * s.k + i]) })
    let dots2 = twin(s, { r, i in Double(a2[r * s.k + i]) }, { i, c in Double(b2[c * s.k + i]) })
    c = d
    T.multiplyTransposed(m: s.m, n: s.n, k: s.k, alpha: 1, a, b, and: nil, add: false, &c)
    expect(c, dots, s.k, "by rows")
    T.multiplyTransposed(
      m: s.m, n: s.n, k: s.k, alpha: -1, a, b, and: second.pointers, add: true, &c)
    expect(c, dots2.map { -$0 }, 2 * s.k, "by rows, added")
  }

  @Test("products of every kind, on every instruction set", arguments: sizes)
  func products(size: Size) {
    forEachInstructionSet {
      check(size, Float.self)
      check(size, Double.self)
    }
  }
}
