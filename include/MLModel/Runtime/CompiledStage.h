//===- CompiledStage.h - Machine code and what it needs ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the compiler hands over: to the engine, which runs it in this process,
// to the cache, which keeps it for the next one, and to `mlmodel compile`,
// which makes a library of it. No type of MLIR is in it.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_RUNTIME_COMPILEDSTAGE_H
#define MLMODEL_RUNTIME_COMPILEDSTAGE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mlmodel {

struct CompiledStage {
  /// Sizes; mlir::ShapedType::kDynamic where one is free.
  using Shape = std::vector<int64_t>;

  struct Weight {
    /// Where the values lie: in the mapped model, in memory of the MLIRContext,
    /// or in an entry of the cache.
    llvm::ArrayRef<char> bytes;
    Shape shape;
    /// Bytes of one element.
    uint64_t width = 0;
  };

  /// A part of the code that is measured; see LayerProfile.
  struct Section {
    std::string layer;
    double operations = 0;
    uint64_t weightBytes = 0, bytes = 0;
  };

  /// What code for several sizes has to be told of those of one run.
  struct Sizes {
    std::vector<Shape> inputs, outputs;
    uint64_t arenaBytes = 0;
    std::vector<int64_t> parameters;
    /// Weights, by their numbers, that are tables made for these sizes.
    std::vector<std::pair<unsigned, std::vector<char>>> tables;
  };

  /// The name of the function in the objects that runs the stage:
  /// void(void **descriptors), with a pointer to each argument's memref
  /// descriptor, in the order dynamic results (if any, all in one; code with
  /// parameters has none), inputs, static outputs, weights, arena (if
  /// arenaBytes is not 0), parameters (if numParameters is not 0; int64).
  static constexpr llvm::StringLiteral kEntryName = "mlmodel_run_stage";

  std::vector<Shape> inputs, outputs;
  std::vector<Weight> weights;
  /// How many Sizes::parameters the code takes: 0 for code that serves the
  /// sizes above alone. Where the code takes some, the shapes above are free
  /// where they differ, and Sizes::arenaBytes counts if arenaBytes is not 0.
  uint64_t numParameters = 0;
  /// Bytes for intermediate results, at a multiple of kArenaAlignment.
  uint64_t arenaBytes = 0;
  static constexpr uint64_t kArenaAlignment = 64;
  /// Empty unless it was compiled to be measured; entries of the cache never
  /// were.
  std::vector<Section> sections;
  /// Relocatable object files, position-independent.
  std::vector<llvm::ArrayRef<char>> objects;
  /// Whatever must live as long as the above; the MLIRContext that the stage
  /// was compiled in is not among it.
  std::vector<std::shared_ptr<const void>> owners;
};

} // namespace mlmodel

#endif // MLMODEL_RUNTIME_COMPILEDSTAGE_H
