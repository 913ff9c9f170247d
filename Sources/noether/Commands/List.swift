// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Integrators
import LieCore

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what there is: groups, systems, integrators, scenarios.",
    discussion: """
      One line each on stdout, the name first: the word that scenarios, training configs and options take. \
      Groups are followed by the axes they act on and by the momenta that a model with their symmetry conserves \
      exactly; – where its motions change the kinetic energy, or there are none.

        noether list groups
        noether list integrators
        noether list scenarios
      """)

  enum Registry: String, ExpressibleByArgument, CaseIterable {
    case groups, systems, integrators, scenarios
  }

  @Argument(help: "One of: groups, systems, integrators, scenarios.")
  var registry: Registry

  func run() throws {
    try Terminal.print(Table(try rows()).description)
  }

  private func rows() throws -> [[String]] {
    switch registry {
    case .groups:
      return Groups.known.map { group in
        let exact = VelocityField.all(of: group).filter(\.isIsometry).map(\.momentum)
        return [
          group.name, "\(group.spaceDimension)D", exact.isEmpty ? "–" : exact.joined(separator: " "),
          group.summary,
        ]
      }
    case .systems: return Scenario.systemKinds.map { [$0.name, $0.summary] }
    case .integrators:
      return IntegrationMethods.all.map { method in
        let traits =
          [method.isSymplectic ? "symplectic" : nil, method.isReversible ? "reversible" : nil]
          .compactMap { $0 }
        return [
          method.name, "order \(method.order)", "takes \(method.takes.rawValue)",
          traits.joined(separator: ", "), method.summary,
        ]
      }
    case .scenarios:
      return try Resources.scenarios().map { path in
        let scenario = try Scenario.load(path)
        return [scenario.name, scenario.description]
      }
    }
  }
}
