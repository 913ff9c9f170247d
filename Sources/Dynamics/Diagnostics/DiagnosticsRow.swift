// SPDX-License-Identifier: GPL-3.0-or-later

/// The energy a learned law assigns, beside the true one.
public struct LearnedEnergy: Sendable, Equatable {
  public var H: Double
  /// (H−H₀)/|H₀|; H−H₀ where H₀ = 0.
  public var dH: Double

  public init(H: Double, dH: Double) {
    self.H = H
    self.dH = dH
  }
}

/// Energies, momenta and their drift at one kept state.
public struct DiagnosticsRow: Sendable, Equatable {
  public var step: Int
  public var t: Double
  /// Kinetic, potential, total energy.
  public var T: Double
  public var V: Double
  public var H: Double
  /// (H−H₀)/|H₀|; H−H₀ where H₀ = 0.
  public var dH: Double
  /// H₀ = 0, and `dH` is therefore H−H₀.
  public var dHIsAbsolute: Bool
  /// Σ pᵢ, one entry per axis; none where positions are angles.
  public var P: [Double]
  /// Σ qᵢ × pᵢ about the origin: L_z in the plane, (L_x, L_y, L_z) in space, else nothing.
  public var L: [Double]
  /// Largest |P−P₀| / S_P since the row before; S_P is the largest Σ|pᵢ| met so far.
  public var dP: Double
  /// Largest |L−L₀| / S_L since the row before; S_L is the largest Σ|qᵢ||pᵢ| met so far.
  public var dL: Double
  /// Where a learned law moves the bodies: its own energy. T, V, H are the true law's.
  public var learned: LearnedEnergy?

  public init(
    step: Int, t: Double, T: Double, V: Double, H: Double, dH: Double, dHIsAbsolute: Bool = false,
    P: [Double], L: [Double], dP: Double, dL: Double, learned: LearnedEnergy? = nil
  ) {
    self.step = step
    self.t = t
    self.T = T
    self.V = V
    self.H = H
    self.dH = dH
    self.dHIsAbsolute = dHIsAbsolute
    self.P = P
    self.L = L
    self.dP = dP
    self.dL = dL
    self.learned = learned
  }
}
