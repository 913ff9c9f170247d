// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// What Noether's theorem says of one momentum at one kept state.
public struct MomentumRow: Sendable, Equatable {
  public var step: Int
  public var t: Double
  /// The momentum's name: "L_z".
  public var momentum: String
  /// J_ξ = Σ pᵢ·ξ(qᵢ).
  public var value: Double
  /// |J−J₀| over the largest Σ|pᵢ||ξ(qᵢ)| met so far.
  public var drift: Double
  /// dJ/dt along the flow of the true law, relative; see `MomentumMap.residual`.
  public var residual: Double
  /// The same along the flow of a learned law, where there is one.
  public var learnedResidual: Double?

  public init(
    step: Int, t: Double, momentum: String, value: Double, drift: Double, residual: Double,
    learnedResidual: Double? = nil
  ) {
    self.step = step
    self.t = t
    self.momentum = momentum
    self.value = value
    self.drift = drift
    self.residual = residual
    self.learnedResidual = learnedResidual
  }
}

/// The momentum map J_ξ(q, p) = Σ pᵢ·ξ(qᵢ) of a velocity field ξ (Marsden & Ratiu, Introduction to Mechanics and
/// Symmetry, 12.1), over the bodies that are neither pinned nor test particles.
public struct MomentumMap: Sendable {
  public let field: VelocityField
  private let bodies: Bodies
  private let counted: [Int]

  public init(_ field: VelocityField, of bodies: Bodies) {
    self.field = field
    self.bodies = bodies
    let left = bodies.leftOut
    counted = (0..<bodies.count).filter { left.isEmpty || !left[$0] }
  }

  /// J_ξ, and Σ|pᵢ||ξ(qᵢ)|, the scale that its rounding and drift are measured against.
  public func value(at state: PhaseState) -> (J: Double, scale: Double) {
    var (J, scale) = (0.0, 0.0)
    for body in counted {
      let (ξ, p) = (field.value(at: vector(body, of: state.q)), vector(body, of: state.p))
      J += p.dot(ξ)
      scale += p.norm * ξ.norm
    }
    return (J, scale)
  }

  /// {J_ξ, H} for H = T + V: `residual(at:qdot:pdot:)` with q̇ = p/m and ṗ = F.
  ///
  /// - Parameter force: F = −∂V/∂q [bodies × dimension] of the law whose flow is meant, at the state.
  public func residual(at state: PhaseState, force: [Double]) -> Double {
    residual(at: state, qdot: zip(bodies.inverseMasses, state.p).map { $0 * $1 }, pdot: force)
  }

  /// The rate of J_ξ along a flow, over the sizes of its terms; 0 where all of them are:
  ///
  ///     dJ/dt = Σ ṗᵢ·ξ(qᵢ) + pᵢ·Dξ(qᵢ)q̇ᵢ,    over Σ |ṗᵢ||ξ(qᵢ)| + |pᵢ||Dξ(qᵢ)q̇ᵢ|.
  ///
  /// - Parameters:
  ///   - qdot: q̇ [bodies × dimension] of the law whose flow is meant, at the state.
  ///   - pdot: its ṗ.
  public func residual(at state: PhaseState, qdot: [Double], pdot: [Double]) -> Double {
    var (rate, scale) = (0.0, 0.0)
    for body in counted {
      let (q, p, F) = (vector(body, of: state.q), vector(body, of: state.p), vector(body, of: pdot))
      let ξ = field.value(at: q)
      let turning = field.derivative(at: q, along: vector(body, of: qdot))
      rate += F.dot(ξ) + p.dot(turning)
      scale += F.norm * ξ.norm + p.norm * turning.norm
    }
    // A scale that overflowed tells nothing.
    if scale == 0 { return 0 }
    return scale.isFinite ? rate / scale : .nan
  }

  private func vector(_ body: Int, of array: [Double]) -> Coordinates<Double> {
    let d = bodies.dimension
    return Coordinates(count: d) { array[body * d + $0] }
  }
}

/// The momenta of `fields` at stored frames, with their drifts and residuals: for every frame, one row per field.
///
/// Drifts are those of the frames alone. `system` is the true law, `learned` one that was learned.
public func momentumLedger(
  of frames: [Frame], fields: [VelocityField], system: any MechanicalSystem,
  learned: (any DynamicalSystem)? = nil
) -> [MomentumRow] {
  let maps = fields.map { MomentumMap($0, of: system.bodies) }
  var (start, scales) = ([Double](), [Double](repeating: 0, count: maps.count))
  var rows: [MomentumRow] = []
  rows.reserveCapacity(frames.count * maps.count)
  for frame in frames {
    let own = rates(of: system, at: frame.state)
    let learned = learned.map { rates(of: $0, at: frame.state) }
    for (k, map) in maps.enumerated() {
      let (J, scale) = map.value(at: frame.state)
      if start.count == k { start.append(J) }
      scales[k] = maximum(scales[k], scale)
      rows.append(
        MomentumRow(
          step: frame.step, t: frame.t, momentum: map.field.momentum, value: J,
          drift: drift(of: J, from: start[k], scale: scales[k]),
          residual: map.residual(at: frame.state, qdot: own.qdot, pdot: own.pdot),
          learnedResidual: learned.map { map.residual(at: frame.state, qdot: $0.qdot, pdot: $0.pdot) }))
    }
  }
  return rows
}

/// |J − J₀| / scale. Where all terms are zero so is the drift; against a scale that overflowed there is none.
private func drift(of J: Double, from J₀: Double, scale: Double) -> Double {
  if scale == 0 { return 0 }
  return scale.isFinite ? abs(J - J₀) / scale : .nan
}
