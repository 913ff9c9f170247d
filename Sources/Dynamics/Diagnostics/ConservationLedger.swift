// SPDX-License-Identifier: GPL-3.0-or-later

/// Keeps account of what should be conserved along one trajectory, step by step.
///
/// dP = |P−P₀| / S_P and dL = |L−L₀| / S_L are measured at every step, against scales that do not vanish when
/// the totals do: S_P is the largest Σ|pᵢ| met so far, S_L the largest Σ|qᵢ||pᵢ|. A row reports their largest
/// values since the row before. dH = (H−H₀)/|H₀| is measured at the rows, and is H−H₀ where H₀ = 0.
///
/// The ledger encodes bit for bit, so a resumed run writes the same rows as an uninterrupted one.
public struct ConservationLedger: Sendable, Equatable, Codable {
  private let dimension: Int
  /// Whether positions are lengths, so that P and L have a meaning.
  private let isCartesian: Bool
  private let leftOut: [Bool]
  @BitExactArray private var P₀: [Double]
  @BitExactArray private var L₀: [Double]
  @BitExact private var scaleP: Double
  @BitExact private var scaleL: Double
  /// Squares of the largest dP and dL since the last row.
  @BitExact private var worstP: Double
  @BitExact private var worstL: Double
  @BitExact private var H₀: Double
  @BitExact private var learnedH₀: Double

  /// Opens the account at `state` with the energy `H` and, where a learned law moves the bodies, its energy.
  public init(bodies: Bodies, state: PhaseState, H: Double, learnedH: Double? = nil) {
    dimension = bodies.dimension
    isCartesian = bodies.coordinatesKind == .cartesian
    leftOut = bodies.leftOut
    let start = Momenta(q: state.q.span, p: state.p.span, dimension: dimension, leftOut: leftOut)
    P₀ = [start.P.x, start.P.y, start.P.z]
    L₀ = [start.L.x, start.L.y, start.L.z]
    scaleP = start.scaleP
    scaleL = start.scaleL
    worstP = 0
    worstL = 0
    H₀ = H
    learnedH₀ = learnedH ?? 0
  }

  /// H₀ = 0: dH is then H−H₀ itself.
  public var energyDriftIsAbsolute: Bool { H₀ == 0 }

  /// Whether the account is one of `bodies`, and whole: one that was read from a file may be neither.
  public func belongs(to bodies: Bodies) -> Bool {
    dimension == bodies.dimension && isCartesian == (bodies.coordinatesKind == .cartesian)
      && leftOut == bodies.leftOut && P₀.count == 3 && L₀.count == 3
  }

  /// What `record` enters for a state.
  public func momenta(q: Span<Double>, p: Span<Double>) -> Momenta {
    Momenta(q: q, p: p, dimension: dimension, leftOut: leftOut)
  }

  /// Whether drifts can be measured against `momenta`: the scales of those that there are have not overflowed.
  public func canMeasure(_ momenta: Momenta) -> Bool {
    !isCartesian || momenta.scaleP.isFinite && (dimension == 1 || momenta.scaleL.isFinite)
  }

  /// Enters the state after one more step.
  public mutating func record(q: Span<Double>, p: Span<Double>) { record(momenta(q: q, p: p)) }

  /// Enters the state after one more step by its momenta.
  public mutating func record(_ now: Momenta) {
    scaleP = maximum(scaleP, now.scaleP)
    scaleL = maximum(scaleL, now.scaleL)
    let ΔP = now.P - SIMD3(P₀[0], P₀[1], P₀[2])
    let ΔL = now.L - SIMD3(L₀[0], L₀[1], L₀[2])
    worstP = maximum(worstP, Self.squaredDrift(ΔP, scale: scaleP))
    worstL = maximum(worstL, Self.squaredDrift(ΔL, scale: scaleL))
  }

  /// The row of a kept state that has been entered already, with its energies; the maxima start anew.
  public mutating func row(
    step: Int, t: Double, state: PhaseState, T: Double, V: Double, learnedH: Double? = nil
  ) -> DiagnosticsRow {
    let now = momenta(q: state.q.span, p: state.p.span)
    let row = DiagnosticsRow(
      step: step, t: t, T: T, V: V, H: T + V, dH: Self.drift(of: T + V, from: H₀),
      dHIsAbsolute: energyDriftIsAbsolute,
      P: isCartesian ? (0..<dimension).map { now.P[$0] } : [], L: components(of: now.L),
      dP: isCartesian ? worstP.squareRoot() : 0, dL: isCartesian ? worstL.squareRoot() : 0,
      learned: learnedH.map { LearnedEnergy(H: $0, dH: Self.drift(of: $0, from: learnedH₀)) })
    worstP = 0
    worstL = 0
    return row
  }

  private func components(of L: SIMD3<Double>) -> [Double] {
    if !isCartesian { return [] }
    return switch dimension {
    case 1: []
    case 2: [L.z]
    default: [L.x, L.y, L.z]
    }
  }

  /// |Δ|² / scale². Where all momenta are zero so is the drift; against a scale that overflowed there is none.
  private static func squaredDrift(_ Δ: SIMD3<Double>, scale: Double) -> Double {
    if scale == 0 { return 0 }
    return scale.isFinite ? (Δ / scale).squaredNorm : .nan
  }

  private static func drift(of H: Double, from H₀: Double) -> Double {
    H₀ == 0 ? H - H₀ : (H - H₀) / H₀.magnitude
  }
}

/// The diagnostics of stored frames under the law `system`: one row each, the first being the reference.
///
/// Only the frames are there to be measured, so dP and dL are those of the frames alone.
public func diagnostics(of frames: [Frame], system: any MechanicalSystem) -> [DiagnosticsRow] {
  guard let first = frames.first else { return [] }
  var ledger = ConservationLedger(
    bodies: system.bodies, state: first.state, H: system.energy(of: first.state))
  return frames.map { frame in
    ledger.record(q: frame.state.q.span, p: frame.state.p.span)
    return ledger.row(
      step: frame.step, t: frame.t, state: frame.state,
      T: system.kineticEnergy(q: frame.state.q.span, p: frame.state.p.span),
      V: system.potentialEnergy(at: frame.state.q.span))
  }
}
