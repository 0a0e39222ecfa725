//===- RangeCode.h - Code for a range of sizes ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the description of a model leaves sizes of its inputs open, the first
// stage of its network is compiled once for many of them (see
// MLModel/CodeGen/OpenSizes.h). The samples are the sizes that are asked for
// and others some steps away. Each further size is lowered, which proves that
// the code serves it and tells its parameters; no code is generated.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_RANGECODE_H
#define MLMODEL_LIB_RUNTIME_RANGECODE_H

#include "MLModel/Transforms/ShapeRanges.h"
#include "Stage.h"

namespace mlmodel {

class RangeCode {
public:
  /// \p cache may be null.
  RangeCode(NetworkOp network, llvm::StringRef fileName,
            const LoadOptions &options, CodeCache *cache);
  ~RangeCode();

  /// Whether inputs of \p shapes are to share code with others: sizes that are
  /// declared to be open differ from the default shape.
  bool isMeantFor(llvm::ArrayRef<llvm::SmallVector<int64_t>> shapes) const;

  /// Gives the stage of \p plan, the network's first one, code that serves
  /// \p shapes among others. False if there is none; getProblem() then tells
  /// why.
  llvm::Expected<bool> bind(StagePlan &plan,
                            llvm::ArrayRef<llvm::SmallVector<int64_t>> shapes);

  llvm::StringRef getProblem() const { return problem; }

private:
  using Shapes = llvm::SmallVector<llvm::SmallVector<int64_t>>;
  struct Sample;
  struct Code;

  std::optional<StagePlan> tryPlan(const Shapes &shapes, const Stage &like);
  std::unique_ptr<Sample> tryShapes(const Shapes &shapes, const Stage &like,
                                    mlir::Attribute typicalSizes);
  std::vector<Shapes> chooseSamples(const Shapes &shapes,
                                    llvm::ArrayRef<int64_t> offsets,
                                    const Stage &like);
  llvm::Expected<std::unique_ptr<Code>> create(const Shapes &shapes,
                                               llvm::ArrayRef<Shapes> others,
                                               const Stage &like);

  NetworkOp network;
  std::string fileName;
  const LoadOptions &options;
  CodeCache *cache;
  DeclaredBlobs declared;
  std::vector<std::unique_ptr<Code>> codes;
  /// How often no code could be made.
  unsigned failures = 0;
  std::string problem;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_RANGECODE_H
