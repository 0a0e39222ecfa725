//===- Progress.h - A progress line for long work ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_PROGRESS_H
#define MLMODEL_SUPPORT_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace mlmodel {

struct ProgressOptions {
  /// Writes nothing at all.
  bool quiet = false;
  /// Where to write; standard error if null.
  llvm::raw_ostream *stream = nullptr;
  /// Whether the stream is a terminal, on which the line is rewritten in
  /// place. Asks the stream by default.
  enum class Terminal { Ask, Yes, No } terminal = Terminal::Ask;
  /// Seconds since any fixed moment; a steady clock if empty.
  std::function<double()> clock;
};

/// Shows how far a list of items has come:
///
///   [ 12/190] conv_7 kmeans 4b  37%  eta 0:14
///
/// The percentage counts work, not items, so that one large layer weighs more
/// than many small ones. Nothing is shown in the first second. On a terminal
/// the line is rewritten, and gone at the end; elsewhere a plain line follows
/// every ten seconds. All functions may be called from any thread.
class Progress {
public:
  /// \p totalItems and \p totalWork are those of the whole run; work is in any
  /// unit, for example bytes of weights.
  Progress(uint64_t totalItems, uint64_t totalWork,
           ProgressOptions options = {});
  ~Progress() { finish(); }
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  /// Starts the next item. Control characters in \p label are not printed, as
  /// layer names come from the model.
  void begin(llvm::StringRef label);
  /// Adds finished work.
  void advance(uint64_t work);
  /// Removes the line from a terminal. Nothing is shown afterwards.
  void finish();

private:
  void show();
  std::string makeLine(double elapsed) const;

  std::mutex mutex;
  ProgressOptions options;
  llvm::raw_ostream &os;
  bool onTerminal;
  bool isActive;
  uint64_t totalItems, totalWork;
  uint64_t item = 0, work = 0;
  std::string label;
  double start = 0;
  double nextShow = 0;
  /// Columns of the line now on the terminal.
  size_t shownColumns = 0;
};

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_PROGRESS_H
