// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import HLieConv

/// A certificate in words: what was measured against what the model promises.
struct CertificateReport {
  /// What rounding may leave of a promise in float32 and float64.
  private static let bars = ["float32": 1e-4, "float64": 1e-12]

  let text: String

  init(_ certificate: Certificate, model: HamiltonianModel) {
    let precisions = Self.bars.keys.sorted()
    let rows = Certificate.Quantity.allCases.map { quantity -> [String] in
      if let why = quantity.absence(from: model) {
        return [quantity.rawValue] + precisions.map { _ in "–" } + ["does not apply: \(why)"]
      }
      let values = precisions.map { certificate.value(quantity, $0) ?? .nan }
      let holds = zip(precisions, values).allSatisfy { precision, value in
        value <= Self.bars[precision] ?? 0
      }
      return [quantity.rawValue] + values.map { String(format: "%.1e", $0) }
        + [Self.verdict(certificate.promises[quantity] ?? .no, holds: holds)]
    }
    let names = certificate.motions.map { $0.name }.joined(separator: " and ")
    let lift = "\(model.config.title)\(model.config.centre ? ", centred" : "")"
    let skipped =
      certificate.skipped > 0
      ? "; \(certificate.skipped) more left out, where the model is not defined" : ""
    let friction = model.friction == nil ? "" : "; friction, which keeps no momentum, is left out"
    text =
      "\(lift): \(certificate.states) states moved by \(names)\(skipped)\(friction)\n"
      + Table([["quantity"] + precisions + ["by construction"]] + rows).description.trimmingCharacters(
        in: .newlines)
  }

  private static func verdict(_ promise: Conservation, holds: Bool) -> String {
    switch (promise, holds) {
    case (.exact, true): "promised, and holds to rounding"
    case (.exact, false): "promised, BUT DOES NOT HOLD TO ROUNDING"
    case (.approximate, true): "promised on average over lifts, and holds to rounding"
    case (.approximate, false): "promised on average over lifts only"
    case (.no, true): "not promised, yet holds to rounding"
    case (.no, false): "not promised, and does not hold"
    }
  }
}
