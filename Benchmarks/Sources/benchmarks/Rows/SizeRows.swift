// SPDX-License-Identifier: GPL-3.0-or-later

/// What the network costs when there are more bodies or more systems: time, and the most memory held.
///
/// The batch is the same at all sizes, so that nothing but the size changes.
extension Row {
  private static let sizes = [6, 12, 24, 48, 96]

  static let trainStepSize = Row(
    name: "train_step_size", groups: [.network, .size],
    summary: "train_step of 8 systems of 6 to 96 bodies"
  ) { bench in
    for bodies in sizes {
      bench.report(try PublishedProblem(systems: 8, bodies: bodies).trainStep("train_step_size", bench))
    }
  }

  static let gradHSize = Row(
    name: "grad_H_size", groups: [.network, .size], summary: "grad_H of 32 systems of 6 to 96 bodies"
  ) { bench in
    for bodies in sizes {
      bench.report(try PublishedProblem(systems: 32, bodies: bodies).gradH("grad_H_size", bench))
    }
  }

  static let trainStepBatch = Row(
    name: "train_step_batch", groups: [.network, .size], summary: "train_step of 8 to 400 systems of 6 bodies"
  ) { bench in
    for batch in [8, 16, 40, 80, 200, 400] {
      bench.report(try PublishedProblem(systems: batch).trainStep("train_step_batch", bench))
    }
  }
}
