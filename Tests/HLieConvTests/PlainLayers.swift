// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

@testable import HLieConv

/// The perceptrons and graph networks of a model on plain arrays, from its parameters by their names.
struct PlainLayers {
  let model: HamiltonianModel

  private func values(_ name: String) -> [Double] {
    model.layout.views.first { $0.name == name }.map { Array(model.parameters[$0.range]) } ?? []
  }

  private func linear(_ x: [Double], _ name: String) -> [Double] {
    let (w, b) = (values(name + ".w"), values(name + ".b"))
    return b.indices.map { o in b[o] + x.indices.reduce(0) { $0 + x[$1] * w[$1 * b.count + o] } }
  }

  /// The layers `name`.0, …, with x/(1 + e^−x) after each.
  private func perceptron(_ x: [Double], _ name: String, layers: Int = 2) -> [Double] {
    (0..<layers).reduce(x) { y, layer in linear(y, "\(name).\(layer)").map { $0 / (1 + exp(-$0)) } }
  }

  private func sum(_ rows: [[Double]]) -> [Double] {
    rows[0].indices.map { k in rows.reduce(0) { $0 + $1[k] } }
  }

  /// What the network makes of what it is told of each body: one energy, or the rates of all bodies in a row.
  func output(_ v: [[Double]]) -> [Double] {
    if model.config.kind.countsBodies {
      return linear(perceptron(v.flatMap { $0 }, "layers", layers: model.config.layers), "readout")
    }
    let sums = v.map { receiver in sum(v.map { sender in perceptron(sender + receiver + [1, 1], "edge") }) }
    let nodes = zip(v, sums).map { perceptron($0 + $1 + [1], "node") }
    if model.dynamics == .vectorField { return nodes.flatMap { linear($0, "readout") } }
    return linear(perceptron([1] + sum(sums) + sum(nodes), "global"), "readout")
  }
}
