// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Events, frames between steps and time that runs backward, from the file to the files.
@Suite struct EventCommandTests {
  private func rows(_ folder: Tool.Folder, _ file: String) throws -> [[Substring]] {
    try folder.text(file).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }

  @Test func sectionsAreWrittenAndResumedToTheSameBits() throws {
    let folder = try Tool.Folder()
    let arguments = [
      "simulate", "kepler", "--quiet", "--set",
      "events.section={body: planet, coordinate: y, value: 0, direction: up}",
    ]
    let plain = try Tool.Running(
      arguments + ["--out", folder.file("plain")], in: nil, environment: [:]
    ).result()
    #expect(plain.code == 0, "\(plain.errors)")
    let events = try rows(folder, "plain/events.csv")
    // A row for either body, at every whole period but the start.
    #expect(events.count >= 2 && events.count % 2 == 0)
    for (index, row) in events.enumerated() {
      #expect(row[2] == "section" && row[3] == "planet")
      let t = try #require(Double(row[5]))
      #expect(abs(t - 2 * .pi * Double(index / 2 + 1)) < 1e-2)
      if row[6] == "planet" { #expect(abs(try #require(Double(row[9]))) < 1e-14) }
    }
    let saving = try Tool.Running(
      arguments + ["--save-every", "1e-6", "--out", folder.file("saving")], in: nil, environment: [:]
    ).result()
    #expect(saving.code == 0, "\(saving.errors)")
    for file in ["events.csv", "trajectory.csv", "diagnostics.csv"] {
      #expect(try folder.data("plain/" + file) == folder.data("saving/" + file))
    }
  }

  @Test func encountersEndRunsAndSaySo() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "kepler", "--set", "bodies.1.x=[1.6, 0]", "--set", "bodies.1.v=[0, 0.5]", "--set",
      "events.encounter=1", "--set", "expect=null", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.errors.contains("an encounter of 'sun' and 'planet'"))
    let record = try folder.text("run/run.json")
    #expect(record.contains("finished") && record.contains("an encounter of"))
    #expect(try rows(folder, "run/events.csv").count == 2)
    let last = try #require(try rows(folder, "run/trajectory.csv").last)
    #expect(try #require(Double(last[2])) < 2.5)
    #expect(folder.exists("run/trajectory.npz"))
  }

  @Test(arguments: [
    (["events.escape=-1"], ["events.escape", "'-1'", "greater than 0"]),
    (["events={}"], ["nothing to look out for"]),
    (["events.section={body: moon, coordinate: y}"], ["events.section.body", "'moon'", "planet"]),
    (["events.section={body: planet, coordinate: z}"], ["events.section.coordinate", "'z'"]),
    (["events.section={body: planet, coordinate: y, direction: left}"], ["direction", "'left'"]),
    (["events.encounters=1"], ["unknown key", "did you mean"]),
    (["events.encounter=10"], ["start nearer than 10.0 already"]),
    (["output.every=0.1"], ["no multiple of the step", "interpolate: true"]),
    (["output.interpolate=yes"], ["true or false"]),
    (["time.end=-6"], ["leads away from the end", "change its sign"]),
    (["integrator.step=0"], ["a number other than 0"]),
  ])
  func badInputIsRefused(settings: [String], parts: [String]) throws {
    let folder = try Tool.Folder()
    let run = try Tool.Running(
      ["simulate", "kepler", "--out", folder.file("run")] + settings.flatMap { ["--set", $0] }, in: nil,
      environment: [:]
    ).result()
    #expect(run.code == 1 && !folder.exists("run"))
    for part in parts { #expect(run.errors.contains(part), "\(run.errors)") }
  }

  @Test func framesMayLieBetweenStepsAndGoBackward() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "kepler", "--quiet", "--set", "integrator={method: kahan-li8, step: -0.03}", "--set",
      "time.end=-1", "--set", "output={every: 0.25, interpolate: true}", "--set", "expect=null", "--out",
      folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let times = try rows(folder, "run/diagnostics.csv").map { try #require(Double($0[2])) }
    #expect(times == [0, -0.25, -0.5, -0.75, -1])
  }
}
