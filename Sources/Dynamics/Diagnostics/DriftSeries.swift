// SPDX-License-Identifier: GPL-3.0-or-later

/// The drift of one quantity of one system, frame by frame.
public struct DriftSeries: Sendable, Equatable {
  public let quantity: String
  /// Whether the drift is over the size of the quantity.
  public let isRelative: Bool
  public let t: [Double]
  public let values: [Double]

  public init(_ quantity: String, isRelative: Bool, t: [Double], values: [Double]) {
    self.quantity = quantity
    self.isRelative = isRelative
    self.t = t
    self.values = values
  }

  /// x − x₀ of a quantity x.
  public init(_ quantity: String, at t: [Double], of x: [Double]) {
    let start = x.first ?? 0
    self.init(quantity, isRelative: false, t: t, values: x.map { $0 - start })
  }

  /// The drifts in rows of diagnostics: H by dH, P by dP, L by dL, the components of both, H per body where their number is known,
  /// and the learned energy where there is one.
  ///
  /// - Parameter names: those of the components of P and L.
  public static func all(
    of rows: [DiagnosticsRow], names: (P: [String], L: [String]), bodies: Int?
  ) -> [DriftSeries] {
    let t = rows.map(\.t)
    var series = [
      DriftSeries("H", isRelative: rows.first?.dHIsAbsolute != true, t: t, values: rows.map(\.dH))
    ]
    func perBody(_ quantity: String, _ H: [Double]) -> DriftSeries? {
      bodies.map { n in DriftSeries(quantity, at: t, of: H.map { $0 / Double(n) }) }
    }
    series += [perBody("H_per_body", rows.map(\.H))].compactMap(\.self)
    if rows.first?.learned != nil {
      let learned = rows.map { $0.learned ?? LearnedEnergy(H: .nan, dH: .nan) }
      let isRelative = learned.first?.H != 0
      series.append(DriftSeries("H_learned", isRelative: isRelative, t: t, values: learned.map(\.dH)))
      series += [perBody("H_learned_per_body", learned.map(\.H))].compactMap(\.self)
    }
    if !names.P.isEmpty { series.append(DriftSeries("P", isRelative: true, t: t, values: rows.map(\.dP))) }
    for (axis, name) in names.P.enumerated() {
      series.append(DriftSeries(name, at: t, of: rows.map { $0.P[axis] }))
    }
    if !names.L.isEmpty { series.append(DriftSeries("L", isRelative: true, t: t, values: rows.map(\.dL))) }
    for (axis, name) in names.L.enumerated() {
      series.append(DriftSeries(name, at: t, of: rows.map { $0.L[axis] }))
    }
    return series
  }
}
