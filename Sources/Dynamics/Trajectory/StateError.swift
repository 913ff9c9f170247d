// SPDX-License-Identifier: GPL-3.0-or-later

/// How far a state is from the true one.
public struct StateError: Sendable, Equatable {
  /// Mean over all positions and momenta of the squared difference.
  public var meanSquare: Double
  /// ‖a − b‖ / (‖a‖ + ‖b‖) of the whole states: 0 where they agree, at most 1 (Finzi, Wang & Wilson 2020).
  public var relative: Double

  /// What a rollout that is no longer finite has.
  public static let lost = StateError(meanSquare: .infinity, relative: 1)

  public init(meanSquare: Double, relative: Double) {
    self.meanSquare = meanSquare
    self.relative = relative
  }

  /// Of finite states.
  public init(of state: PhaseState, from exact: PhaseState) {
    // In units of the largest entry, so that the squares of a rollout that explodes do not overflow.
    let unit = [state, exact].flatMap { $0.q + $0.p }.lazy.map(abs).max() ?? 0
    let difference = Self.square(state, minus: exact, unit: unit)
    let sizes =
      Self.square(state, minus: nil, unit: unit).squareRoot()
      + Self.square(exact, minus: nil, unit: unit).squareRoot()
    meanSquare = difference * unit * unit / Double(2 * exact.q.count)
    relative = sizes > 0 ? difference.squareRoot() / sizes : 0
  }

  /// ‖a − b‖², or ‖a‖² without b, over `unit`².
  private static func square(_ a: PhaseState, minus b: PhaseState?, unit: Double) -> Double {
    guard unit > 0 else { return 0 }
    var sum = 0.0
    for i in a.q.indices {
      let Δq = (a.q[i] - (b?.q[i] ?? 0)) / unit
      let Δp = (a.p[i] - (b?.p[i] ?? 0)) / unit
      sum += Δq * Δq + Δp * Δp
    }
    return sum
  }
}
