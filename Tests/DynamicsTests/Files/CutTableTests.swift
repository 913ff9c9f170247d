// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

@testable import Dynamics

/// What is read of a trajectory.csv that was cut short.
@Suite struct CutTableTests {
  /// A table cut short at every byte: the frames that are whole are there to the last one, and it is said that something is not. Two
  /// bodies; `owners` are the systems of the frames in the order of the table: one after another, in turn, and one alone.
  @Test(arguments: [[0, 0, 0, 1, 1], [0, 1, 0, 1, 0], [0, 0, 0]])
  func recoversWhatACutTableHolds(owners: [Int]) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.csv"
    var text = "system,step,t,body,m,x,y,px,py\n"
    var seen: [Int: Int] = [:]
    for owner in owners {
      let frame = seen[owner, default: 0]
      for body in 1...2 {
        text += "\(owner),\(frame),\(frame),\"\(body)\",\(body),\(frame).5,\(body),0.25,\(owner)\n"
      }
      seen[owner] = frame + 1
    }
    let bytes = Array(text.utf8)
    func recover(_ count: Int) throws -> (set: TrajectorySet, damage: NoetherError?) {
      try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: path))
      return try TrajectorySet.recover(path)
    }
    let whole = try recover(bytes.count)
    #expect(whole.damage == nil && whole.set.members.count == Set(owners).count)
    for end in 0..<bytes.count {
      let lines = bytes.prefix(end).filter { $0 == UInt8(ascii: "\n") }.count
      let isTorn = end == 0 || bytes[end - 1] != UInt8(ascii: "\n")
      let rows = max(0, lines - 1)
      // Nothing is known to be whole before a second frame or the table's end; one body may be all there is.
      // Nor is it known where a first frame of another system ends, but by a row that is cut.
      let isFirstOfAnother =
        rows % 2 == 1 && !owners.prefix(rows / 2).contains(owners[min(rows / 2, owners.count - 1)])
      guard lines > 0, rows > 2 || rows > 0 && !isTorn, rows == 1 || isTorn || !isFirstOfAnother else {
        #expect(throws: NoetherError.self) { try recover(end) }
        continue
      }
      let (set, damage) = try recover(end)
      guard rows > 1 else {
        #expect(set.members[0].bodies.names == ["1"] && damage == nil)
        continue
      }
      // (A torn row of a system that has had no other is one of its own: what it would be of is not known.)
      let complete = owners.prefix(rows / 2)
      for member in whole.set.members {
        let frames = complete.filter { $0 == member.index }.count
        let found = set.members.first { $0.index == member.index }
        #expect(
          (found?.frames ?? []) == Array(member.frames.prefix(frames)), "\(end), system \(member.index)")
      }
      #expect((damage != nil) == (isTorn || rows % 2 == 1), "\(end)")
    }
  }

  /// A quotation mark somewhere is no end of a file that was broken off, though everything after it is one field.
  @Test func aStrayQuotationMarkIsNoCut() throws {
    let row = "0,0,0,1,1,0,0,0,0\n"
    let text = "system,step,t,body,m,x,y,px,py\n" + row + "0,1,1,1,1,\"0,0,0,0\n0,2,2,1,1,0,0,0,0\n"
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.csv"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    #expect(message { _ = try TrajectorySet.recover(path) }.contains("a quotation mark is open"))
  }
}
