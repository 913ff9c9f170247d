// SPDX-License-Identifier: GPL-3.0-or-later

/// A number that a law wants of every body, beside its mass.
public struct BodyParameter: Sendable, Equatable {
  /// Its key among `bodies`, its feature's name and its array in trajectory.npz: "k".
  public let symbol: String
  /// Its key in a `random` block: "stiffness".
  public let word: String
  public let range: NumberRange
  /// What a `random` block may say: "{uniform: [0, 5]}".
  public let example: String

  public init(_ symbol: String, word: String? = nil, _ range: NumberRange, example: String) {
    self.symbol = symbol
    self.word = word ?? symbol
    self.range = range
    self.example = example
  }

  /// kᵢ of the product rule κᵢⱼ = kᵢkⱼ for springs.
  static let stiffness = BodyParameter("k", word: "stiffness", .atLeastZero, example: "{uniform: [0, 5]}")
}
