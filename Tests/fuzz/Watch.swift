// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

// What a signal handler may read: addresses that stay, and numbers.
nonisolated(unsafe) private let inputBuffer = UnsafeMutableRawPointer.allocate(
  byteCount: 1 << 19, alignment: 16)
nonisolated(unsafe) private var input: UnsafeMutableRawPointer?
nonisolated(unsafe) private var inputSize = 0
nonisolated(unsafe) private var report: UnsafeMutablePointer<CChar>?
nonisolated(unsafe) private var file: UnsafeMutablePointer<CChar>?

/// Sees to it that an input which crashes a reader, or takes too long, is kept and named.
enum Watch {
  static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGPROF]

  /// Inputs at fault go to `path`; no reader may take more than `bytes` of memory beyond what there is now.
  static func begin(path: String, bytes: Int) {
    input = inputBuffer
    file = strdup(path)
    // A stack that has run over has no room for a handler.
    var stack = stack_t()
    stack.ss_size = 1 << 16
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stack.ss_size, alignment: 16)
    sigaltstack(&stack, nil)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      if let report { _ = write(2, report, strlen(report)) }
      if let file, let input {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        _ = write(descriptor, input, inputSize)
      }
      _exit(number == SIGPROF ? 3 : 2)
    }
    action.sa_flags = Int32(SA_ONSTACK)
    for number in signals { sigaction(number, &action, nil) }

    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
      .first
    if let used = pages.flatMap({ UInt($0) }) {
      let most = used * UInt(sysconf(Int32(_SC_PAGESIZE))) + UInt(bytes)
      var limit = rlimit(rlim_cur: most, rlim_max: most)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }
  }

  /// The next input is `data`, called `name`; it has `seconds` of processor time.
  static func expect(_ data: Data, name: String, seconds: Int) {
    let size = min(data.count, 1 << 19)
    data.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { inputBuffer.copyMemory(from: start, byteCount: size) }
    }
    inputSize = size
    free(report)
    report = strdup("fuzz: \(name): the reader crashed or took too long; the input is kept\n")
    var timer = itimerval(
      it_interval: timeval(tv_sec: 0, tv_usec: 0), it_value: timeval(tv_sec: seconds, tv_usec: 0))
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
  }

  /// Resident memory in bytes.
  static var resident: Int {
    let words =
      (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return words.count > 1 ? (Int(words[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
  }
}
