// SPDX-License-Identifier: GPL-3.0-or-later

/// One thing that is timed, at one or several sizes: a line is printed for each.
struct Row: Sendable {
  /// Names for several rows at once.
  enum Group: String {
    case network, size, simulation
  }

  let name: String
  let groups: [Group]
  /// What one call is.
  let summary: String
  let run: @Sendable (Bench) throws -> Void

  /// Whether `name` is this row's own or that of a group it is in.
  func isCalled(_ name: String) -> Bool { name == self.name || groups.contains { $0.rawValue == name } }

  /// Every row there is; a new one is one line here.
  static let all = [
    trainStep, trainStepNystrom, gradH, rollout500, rollout500Float64,
    imagesStep, propertiesStep, moleculesStep, moleculesEnergyStep, trainStepSize, gradHSize, trainStepBatch,
    springsRK4, springsNystrom, springsRK8PD, outerSolarSystem, directSum,
  ]
}
