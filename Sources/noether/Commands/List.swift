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
      exactly; – where its motions change the kinetic energy, or there are none. Integrators are followed by their \
      order, by what they take, and by what a fixed step of theirs is; --long tells more of each.

        noether list groups
        noether list integrators --long
        noether list scenarios
      """)

  enum Registry: String, ExpressibleByArgument, CaseIterable {
    case groups, systems, integrators, scenarios
  }

  @Argument(help: "One of: groups, systems, integrators, scenarios.")
  var registry: Registry

  @Flag(help: "A paragraph on each: of integrators.")
  var long = false

  func validate() throws {
    if long, registry != .integrators {
      throw ValidationError("--long: there is no more to say of \(registry.rawValue); it is for integrators.")
    }
  }

  func run() throws {
    if !long { return try Terminal.print(Table(try rows()).description) }
    let paragraphs = IntegrationMethods.all.map { method in
      "\(method.name): " + Self.facts(method).filter { !$0.isEmpty }.joined(separator: ", ") + "\n  "
        + method.summary + "\n"
    }
    try Terminal.print(paragraphs.joined(separator: "\n"))
  }

  /// Order, requirement and properties.
  private static func facts(_ method: IntegrationMethod) -> [String] {
    let traits = [method.isSymplectic ? "symplectic" : nil, method.isReversible ? "reversible" : nil]
    return [
      "order \(method.order)", "takes \(method.takes.rawValue)",
      traits.compactMap { $0 }.joined(separator: ", "),
    ]
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
      return IntegrationMethods.all.map { [$0.name] + Self.facts($0) + [$0.title] }
    case .scenarios:
      return try Resources.scenarios().map { path in
        let scenario = try Scenario.load(path)
        return [scenario.name, scenario.description]
      }
    }
  }
}
