// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Laws on a line, of angles and with test particles, from the command line to the files.
@Suite struct LawCommandTests {
  /// A chain has x alone; a pendulum neither P nor L; what they write is read back.
  @Test(arguments: [
    ("oscillator", "x,px", "P_x,dP"), ("double-pendulum", "x,px", ""),
    ("henon-heiles", "x,y,px,py", "P_x,P_y,L_z,dP,dL"),
  ])
  func filesHaveTheColumnsThatMeanSomething(name: String, axes: String, momenta: String) throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", name, "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let header = try folder.text("run/trajectory.csv").prefix { $0 != "\n" }
    #expect(header == "system,step,t,body,m,\(axes)")
    let diagnostics = try folder.text("run/diagnostics.csv")
    #expect(
      diagnostics.prefix { $0 != "\n" } == "system,step,t,T,V,H,dH\(momenta.isEmpty ? "" : ",")\(momenta)")
    // Diagnosed anew from the stored frames the energies are the same to the bit.
    for source in [folder.file("run"), folder.file("run/trajectory.npz")] {
      let again = try Tool.run("diagnose", source, "--out", folder.file("again-\(source.count).csv"))
      #expect(again.code == 0, "\(again.errors)")
      func energies(_ text: String) -> [String] {
        text.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2...6].joined(separator: ",") }
      }
      #expect(try energies(folder.text("again-\(source.count).csv")) == energies(diagnostics))
    }
    // run, method, systems, max_dH, max_dP, max_dL: empty where there is none.
    let summary = try Tool.run("summary", "--csv", folder.file("run"))
    let line = try #require(summary.output.split(separator: "\n").dropFirst().first)
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    try #require(fields.count > 5)
    #expect(summary.code == 0 && !fields[3].isEmpty)
    #expect(fields[4].isEmpty == !momenta.contains("dP") && fields[5].isEmpty == !momenta.contains("dL"))
    let group = try Tool.run("diagnose", folder.file("run"), "--group", "T2")
    #expect(
      axes.contains("y")
        ? group.code == 0 : group.errors.contains("T2 acts on 2 dimensions, and here there are 1"))
  }

  /// Without run.json beside it the law is told by the arrays of the archive.
  @Test func anArchiveTellsItsLaw() throws {
    let folder = try Tool.Folder()
    _ = try Tool.run("simulate", "triple-pendulum", "--out", folder.file("run"))
    try FileManager.default.copyItem(
      atPath: folder.file("run/trajectory.npz"), toPath: folder.file("theirs.npz"))
    let told = try Tool.run("diagnose", folder.file("theirs.npz"))
    #expect(told.code == 0, "\(told.errors)")
    #expect(told.output.hasPrefix("system,step,t,T,V,H,dH\n"))
    #expect(told.output.split(separator: "\n").count == 252)
  }

  @Test func splittingsAreRefusedForRods() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "double-pendulum", "--method", "verlet", "--set", "integrator.step=0.01", "--out",
      folder.file("run"))
    #expect(run.code == 1 && folder.entries.isEmpty)
    #expect(
      run.errors.contains("verlet needs an energy H = T(p) + V(q), which this law does not have; use one of"))
  }

  @Test func whatIsNotConservedIsExplained() throws {
    let folder = try Tool.Folder()
    for (name, words) in [
      ("fput-beta", "P is not conserved: the ends of the chain are held"),
      ("henon-heiles", "P and L are not conserved: an outer field acts on the bodies"),
      ("outer-solar-system", "the total momentum is not zero, so that the bodies drift off together"),
    ] {
      let run = try Tool.run("simulate", name, "--out", folder.file(name))
      #expect(run.code == 0 && run.errors.contains(words), "\(run.errors)")
    }
    let centred = try Tool.run(
      "simulate", "outer-solar-system", "--set", "frame=centre-of-mass", "--out", folder.file("centred"))
    #expect(centred.code == 0 && !centred.errors.contains("the total momentum"), "\(centred.errors)")
    let checked = try Tool.run("validate", "outer-solar-system")
    #expect(checked.errors.contains("the total momentum is not zero"))
  }

  @Test func groupsOfThePlaneAreNotTakenOnALine() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "train", "springs-small", "--set", "data.scenario=\(Tool.package)/scenarios/oscillator.yaml", "--out",
      folder.file("run"))
    #expect(run.code == 1)
    #expect(
      run.errors.contains("T2 acts on 2 dimensions, and here there are 1; choose one of: Trivial, T1"),
      "\(run.errors)")
  }
}
