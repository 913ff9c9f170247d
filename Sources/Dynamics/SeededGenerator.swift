// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// xoshiro256** 1.0 (Blackman & Vigna 2018), seeded through SplitMix64 as its authors advise.
///
/// Swift's own generator cannot be seeded, and `Double.random` may change its mapping between releases, so the
/// draws that make data and weights are spelled out here. Streams are independent by name: system 17 of an
/// ensemble draws the same numbers whether 18 or 10 000 systems are made, and on any number of threads.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable {
  private var s: (UInt64, UInt64, UInt64, UInt64)

  /// The stream of `seed` that belongs to `path`, for instance a purpose and the index of a system.
  public init(seed: UInt64, path: UInt64...) {
    var mixer = seed
    for element in path { mixer = Self.splitMix(&mixer) ^ element }
    s = (Self.splitMix(&mixer), Self.splitMix(&mixer), Self.splitMix(&mixer), Self.splitMix(&mixer))
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(s.1 &* 5, 7) &* 9
    let t = s.1 << 17
    s.2 ^= s.0
    s.3 ^= s.1
    s.1 ^= s.2
    s.0 ^= s.3
    s.2 ^= t
    s.3 = rotated(s.3, 45)
    return result
  }

  public static func == (a: Self, b: Self) -> Bool { a.s == b.s }

  /// Uniform on [low, high): 53 random bits scaled.
  public mutating func uniform(_ low: Double = 0, _ high: Double = 1) -> Double {
    low + (high - low) * Double(next() >> 11) * 0x1p-53
  }

  /// Uniform on 0..<count, without bias (rejection of the incomplete last interval).
  public mutating func index(below count: Int) -> Int {
    let n = UInt64(count)
    let limit = UInt64.max - (UInt64.max % n + 1) % n
    while true {
      let x = next()
      if x <= limit { return Int(x % n) }
    }
  }

  /// Standard normal by Marsaglia's polar method; the second value of each pair is dropped, so that the
  /// generator has no state besides its four words.
  public mutating func normal() -> Double {
    while true {
      let x = uniform(-1, 1)
      let y = uniform(-1, 1)
      let r2 = x * x + y * y
      if r2 > 0, r2 < 1 { return x * (-2 * Double.log(r2) / r2).squareRoot() }
    }
  }

  /// A uniformly random order of 0..<count (Fisher & Yates).
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, index(below: last + 1)) }
    return order
  }
}
