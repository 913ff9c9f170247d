// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// `noether simulate`: what it writes, and that it writes the same at any number of threads.
@Suite struct SimulateTests {
  @Test func keplerWritesTheFourFiles() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "kepler", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.isEmpty)
    for name in ["run.json", "trajectory.csv", "trajectory.npz", "diagnostics.csv"] {
      #expect(folder.exists("run/" + name), "\(name)")
    }
    #expect(!folder.exists("run/checkpoint"))
    let trajectory = try folder.text("run/trajectory.csv").split(separator: "\n")
    #expect(trajectory[0] == "system,step,t,body,m,x,y,px,py")
    let diagnostics = try folder.text("run/diagnostics.csv").split(separator: "\n")
    #expect(diagnostics[0] == "system,step,t,T,V,H,dH,P_x,P_y,L_z,dP,dL")
    // q = (0.4, 0), p = (0, 2): T = 2, V = −1/0.4, L = 0.8.
    let start = diagnostics[1].split(separator: ",").compactMap { Double($0) }
    #expect(start.count == 12)
    #expect(start[3...5].elementsEqual([2, -2.5, -0.5]))
    #expect(abs(start[9] - 0.8) < 1e-15)
    #expect(trajectory.count - 1 == 2 * (diagnostics.count - 1))
  }

  @Test func filesAreTheSameAtAnyNumberOfThreads() throws {
    let folder = try Tool.Folder()
    for threads in ["1", "2", "3"] {
      let run = try Tool.run(
        "simulate", "springs", "--systems", "7", "--seed", "3", "--threads", threads, "--out",
        folder.file(threads))
      #expect(run.code == 0, "\(run.errors)")
    }
    for name in ["trajectory.csv", "trajectory.npz", "diagnostics.csv"] {
      #expect(try folder.data("1/" + name) == folder.data("2/" + name), "\(name)")
      #expect(try folder.data("1/" + name) == folder.data("3/" + name), "\(name)")
    }
  }

  @Test func systemsDoNotDependOnHowManyAreDrawn() throws {
    let folder = try Tool.Folder()
    for count in ["2", "5"] {
      let run = try Tool.run("simulate", "springs", "--systems", count, "--out", folder.file(count))
      #expect(run.code == 0, "\(run.errors)")
    }
    let few = try folder.text("2/diagnostics.csv")
    #expect(try folder.text("5/diagnostics.csv").hasPrefix(few))
    let other = try Tool.run(
      "simulate", "springs", "--systems", "2", "--seed", "1", "--out", folder.file("other"))
    #expect(other.code == 0, "\(other.errors)")
    #expect(try folder.text("other/diagnostics.csv") != few, "another seed draws other systems")
  }

  @Test func methodKeepsTheStepItCanUse() throws {
    let folder = try Tool.Folder()
    let verlet = try Tool.run("simulate", "kepler", "--method", "verlet", "--out", folder.file("verlet"))
    #expect(verlet.code == 0, "\(verlet.errors)")
    #expect(try folder.text("verlet/run.json").contains("verlet"))
    let adaptive = try Tool.run("simulate", "kepler", "--method", "gsl-msadams", "--out", folder.file("no"))
    #expect(adaptive.code == 1)
    #expect(adaptive.errors.contains("gsl-msadams takes a tolerance"))
    #expect(adaptive.errors.contains("goes by the steps before"))
    #expect(adaptive.errors.contains("--set integrator.tolerance="))
    #expect(!folder.exists("no"))
    let fixed = try Tool.run("simulate", "kepler", "--method", "gsl-rk8pd", "--out", folder.file("fixed"))
    #expect(fixed.code == 0, "\(fixed.errors)")
    #expect(try folder.text("fixed/trajectory.csv").split(separator: "\n").last?.contains("10000,") == true)
    let both = try Tool.run(
      "simulate", "kepler", "--method", "gsl-rk8pd", "--set", "integrator.tolerance=1e-10", "--out",
      folder.file("both"))
    #expect(both.code == 0, "\(both.errors)")
  }

  @Test func coarseStepIsWarnedOf() throws {
    let folder = try Tool.Folder()
    let fine = try Tool.run("simulate", "kepler", "--quiet", "--out", folder.file("fine"))
    #expect(!fine.errors.contains("warning"))
    let coarse = try Tool.run(
      "simulate", "kepler", "--quiet", "--set", "integrator.step=0.15707963267948966", "--set",
      "output.frames=11", "--out", folder.file("coarse"))
    #expect(coarse.errors.contains("noether: warning: the step 0.157"))
  }

  @Test func collisionKeepsEveryRowBeforeIt() throws {
    let folder = try Tool.Folder()
    // Two masses at rest fall into each other at t = π/2 · (1/2)^1.5 · √(…): well before the end.
    let scenario = try folder.write(
      "fall.yaml",
      """
      format: noether/scenario
      version: 1
      name: fall
      dimension: 2
      units: {G: 1}
      system: {kind: gravity, softening: 0}
      bodies:
        - {name: a, m: 1, x: [-0.5, 0], v: [0, 0]}
        - {name: b, m: 1, x: [0.5, 0], v: [0, 0]}
      integrator: {method: gsl-rk8pd, tolerance: 1e-12}
      time: {end: 2}
      output: {frames: 201}
      """)
    let run = try Tool.run("simulate", scenario, "--quiet", "--out", folder.file("run"))
    #expect(run.code == 1)
    #expect(run.errors.contains("gsl-rk8pd"))
    #expect(run.errors.contains("t = "))
    let rows = try folder.text("run/diagnostics.csv").split(separator: "\n").dropFirst()
    // They meet after π/4 = 0.785: the rows up to 0.78 are there, none beyond.
    #expect((70...80).contains(rows.count), "\(rows.count) rows")
    #expect(rows.allSatisfy { !$0.contains("nan") && !$0.contains("inf") })
    #expect(try folder.text("run/run.json").contains("failed"))
    let again = try Tool.run("resume", folder.file("run"))
    #expect(again.code == 1)
  }

  @Test func energiesBeyondAllNumbersAreNotConserved() throws {
    let folder = try Tool.Folder()
    let scenario = try folder.write(
      "fast.yaml",
      """
      format: noether/scenario
      version: 1
      name: fast
      dimension: 2
      system: {kind: springs, couplings: product}
      bodies:
        - {name: a, m: 1, k: 1, x: [0, 0], v: [1e200, 0]}
        - {name: b, m: 1, k: 1, x: [1, 0], v: [0, 0]}
      integrator: {method: verlet, step: 0.01}
      time: {end: 1}
      output: {frames: 11}
      expect: {max_dH: 1e-6, max_dP: 1e-6}
      """)
    let checked = try Tool.run("validate", scenario, "--run")
    #expect(checked.code == 1)
    #expect(checked.errors.contains("the kinetic energy T at t = 0.0 is inf"), "\(checked.errors)")
    let run = try Tool.run(
      "simulate", "kepler", "--set", "bodies.1.v=[0, 1e200]", "--out", folder.file("run"))
    #expect(run.code == 1)
    #expect(run.errors.contains("the kinetic energy T"), "\(run.errors)")
    #expect(try folder.text("run/run.json").contains("failed"))
  }

  @Test func existingRunIsKeptUnlessOverwritten() throws {
    let folder = try Tool.Folder()
    let first = try Tool.run("simulate", "kepler", "--out", folder.file("run"))
    #expect(first.code == 0, "\(first.errors)")
    let before = try folder.data("run/diagnostics.csv")
    let second = try Tool.run("simulate", "kepler", "--method", "rk4", "--out", folder.file("run"))
    #expect(second.code == 1)
    #expect(second.errors.contains("--overwrite"))
    #expect(try folder.data("run/diagnostics.csv") == before)
    let third = try Tool.run(
      "simulate", "kepler", "--method", "rk4", "--overwrite", "--out", folder.file("run"))
    #expect(third.code == 0, "\(third.errors)")
    #expect(try folder.data("run/diagnostics.csv") != before)
    #expect(folder.entries == ["run"], "no leftovers beside it")
  }
}
