// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
import HLieConv
import Molecules

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The error of a model on systems it has never seen.",
    discussion: """
      MODEL is a run directory of `train` or its model.safetensors, which remembers its configuration; --set \
      changes it. Prints metric,value as CSV. First the mean squared error of the chunks of the test systems (their \
      mean and median over systems), and the errors of two predictions that learn nothing: hold, where nothing \
      moves, and free flight, where no force acts.

      Then the rollouts of --rollouts test systems from their starts to the end of the data, beside the true \
      trajectories. At steps 5, 10, 100 and the last of the data, as means over systems of the mean squared error of \
      the state:

        rollout_mse_100       the model's, and its median over systems
        method_mse_100        the true law by the same method and step: the errors of the method alone
        floor_mse_100         the true motion from a start that is off by 1e-4 of itself
        hold_mse_100, free_flight_mse_100   the predictions that learn nothing

      and over all steps:

        relative_error        the geometric mean of |a−b|/(|a|+|b|); also method_ and floor_relative_error
        energy_error          the largest |dH| of the true energy along a learned path
        momentum_error, angular_momentum_error   the largest dP and dL
        valid_time            how long the relative error stays below 0.2, at most the whole run; mean and median
        valid_lyapunov_times  the same in units of 1/lyapunov_exponent; both only where the true motion is chaotic
        rollouts_failed       how many were no longer finite: their errors are infinite

      Rollouts step with the method of the training loss from each time of the data to the next. \
      method_mse shows what that costs: where it is not far below rollout_mse, judge the law with --method gsl-rk8pd.

      Of a model that has learned a property of molecules (format: noether/molecules) it prints property_mae and \
      property_rmse, in the property's unit, and composition_mae, the error of the composition alone.

      Of a model that has learned digits (format: noether/images) it prints test_error, the share of test images that \
      are wrong, with Wilson's 95 % interval, test_loss and test_images. --confusion writes how many images of each \
      digit were taken for which, --angles the error against the angle by which the first --angle-images test images are \
      turned; `noether plot` draws confusion.csv and angles.csv.

      Of a model that was trained on structures with energies: energy_mae and force_mae (over all components) and \
      their root mean squares, in the unit of the data and Å; composition_mae, what the numbers of atoms of each \
      element alone leave; and the largest net force and torque of any structure, relative to the forces, in float32 \
      and float64.

        noether evaluate runs/digits --confusion runs/digits/confusion.csv --angles runs/digits/angles.csv
        noether evaluate runs/model
        noether evaluate runs/model --method gsl-rk8pd --curves runs/model/rollout_curves.csv
        noether evaluate runs/model --rollouts 0 --set data.test=500 --out runs/model/evaluation.csv
      """)

  static let possibleImages = 1...1_000_000
  static let possibleRollouts = 0...1_000_000

  @Argument(help: "A run directory of train, or a model.safetensors.")
  var model: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many test systems to roll out, as far as there are; 0 for none.", valueName: "n"))
  var rollouts = 100

  @Option(
    help: ArgumentHelp(
      "Roll out by this method, one of `noether list integrators`. Default: that of the loss.",
      valueName: "m"))
  var method: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The step of the rollouts, a part of the data's. Default: all of it.", valueName: "h"))
  var step: Double?

  @Option(
    help: ArgumentHelp(
      "Write the errors at every step here; `noether plot` draws a rollout_curves.csv.", valueName: "csv"))
  var curves: String?

  @Option(
    help: ArgumentHelp("Of digits: write which were taken for which here.", valueName: "csv"))
  var confusion: String?

  @Option(
    help: ArgumentHelp("Of digits: write the error against the angle here.", valueName: "csv"))
  var angles: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Of digits: how many test images to turn for --angles.", valueName: "n"))
  var angleImages = 1000

  @OptionGroup var table: TableOptions
  @OptionGroup var settings: DataSettingOptions
  @OptionGroup var options: WorkOptions

  func validate() throws {
    if !Self.possibleRollouts.contains(rollouts) {
      throw ValidationError("--rollouts \(rollouts): 0 to \(Self.possibleRollouts.upperBound) are possible.")
    }
    if let step, !(step > 0 && step.isFinite) {
      throw ValidationError("--step \(step): a finite number above 0 is needed.")
    }
    if !Self.possibleImages.contains(angleImages) {
      throw ValidationError(
        "--angle-images \(angleImages): 1 to \(Self.possibleImages.upperBound) are possible.")
    }
    if let curves, curves == table.out {
      throw ValidationError(
        "--curves \(curves): is the --out of the metrics too; give each a file of its own.")
    }
    if rollouts == 0, curves != nil || method != nil || step != nil {
      throw ValidationError("--rollouts 0: --curves, --method and --step are about rollouts; leave them out.")
    }
  }

  func run() throws {
    try table.check()
    for path in [curves, confusion, angles].compactMap(\.self) { try table.check(path) }
    let path = HamiltonianModel.file(at: model)
    let file = try Safetensors.read(path)
    if PointModel.isStored(in: file) {
      return try evaluatePoints(PointModel(file, name: path))
    }
    if confusion != nil || angles != nil {
      throw NoetherError("\(model): has learned a law, not digits: --confusion and --angles are about images")
    }
    let model = try HamiltonianModel(file, name: path)
    let config = try settings.configuration(of: model, at: self.model)
    if config.data.structures != nil { return try evaluatePotential(model, config) }
    let csv = try CSVWriter(metrics: table.out)
    let curves = try curves.map { try CSVWriter($0, header: RolloutEvaluation.curveColumns) }
    let threads = try options.threadCount()
    let progress = Progress("data", quiet: options.quiet)
    let data = try TrainingData(config: config.data, threads: threads, progress: progress)
    let result = try ModelEvaluation(
      of: model, on: data, loss: config.method, rollouts: rollouts, method: method, step: step,
      threads: threads,
      quiet: options.quiet)
    progress.finish()
    for (index, reason) in result.rollouts?.withoutTruth ?? [] {
      Terminal.say("warning: system \(index) has no true trajectory and is left out: \(reason)")
    }
    if let curves { try result.rollouts?.writeCurves(to: curves) }
    try csv.finish(metrics: result.metrics.map { ($0.name, $0.value) })
  }

  /// The errors of a network that has learned digits, or a property of molecules.
  private func evaluatePoints(_ model: PointModel) throws {
    if curves != nil || method != nil || step != nil {
      throw NoetherError(
        "\(self.model): has learned no law: --curves, --method and --step are about rollouts")
    }
    if PropertyReport.isFor(model) {
      if confusion != nil || angles != nil {
        throw NoetherError(
          "\(self.model): has learned a property of molecules: --confusion and --angles are about images")
      }
      return try PropertyReport(
        model: model, at: self.model, settings: settings.changes.settings, threads: options.threadCount(),
        quiet: options.quiet
      ).write(to: table.out)
    }
    try ImageReport(
      model: model, at: self.model, settings: settings.changes.settings, threads: options.threadCount(),
      quiet: options.quiet
    ).write(to: table.out, confusion: confusion, angles: angles, angleImages: angleImages)
  }

  /// The errors of energies and forces that the data give.
  private func evaluatePotential(_ model: HamiltonianModel, _ config: TrainingConfig) throws {
    if curves != nil || method != nil || step != nil {
      throw NoetherError(
        "\(self.model): was trained on structures, of which no motion is known; leave --curves, --method and --step out"
      )
    }
    let data = try TrainingData(
      config: config.data, threads: options.threadCount(), progress: Progress("data", quiet: options.quiet))
    let result = try PotentialEvaluation(
      of: model, on: data.dataset(.test), threads: options.threadCount())
    let csv = try CSVWriter(metrics: table.out)
    var metrics: [(String, Double?)] = [
      ("test_structures", Double(result.structures)), ("energy_mae", result.energyMAE),
      ("energy_rmse", result.energyRMSE), ("composition_mae", result.compositionMAE),
      ("force_mae", result.forceMAE), ("force_rmse", result.forceRMSE),
    ]
    for balance in result.balance {
      metrics += [
        ("net_force_\(balance.precision)", balance.netForce),
        ("net_torque_\(balance.precision)", balance.netTorque),
      ]
    }
    try csv.finish(metrics: metrics.compactMap { name, value in value.map { (name, $0) } })
  }
}
